export {
  ensureProcess,
  logFileOf,
  pidFileOf,
  readProcess,
  type EnsuredProcess,
  type ProcessSpec,
} from './ensure-process.ts'
export {
  currentBootId,
  identityOf,
  isAlive,
  parsePidLine,
  signalProcess,
  type ProcessIdentity,
} from './process-identity.ts'
export { stopProcess } from './stop-process.ts'
export { watchProcess } from './watch-process.ts'
