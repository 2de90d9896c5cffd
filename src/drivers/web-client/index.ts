export { webClient } from './web-client.ts'
