export { warmStart } from './warm-start.ts'
