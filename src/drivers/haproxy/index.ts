export { createHaproxyPlane, type HaproxyOptions } from './haproxy-plane.ts'
