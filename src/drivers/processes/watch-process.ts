import { isAlive, type ProcessIdentity } from './process-identity.ts'

/** A fifth of the second within which a supervisor has to have it running again. */
const pollMilliseconds = 200

/** Calls back once, when exactly this process has ended. Returns how to stop watching. */
export function watchProcess(identity: ProcessIdentity, onExit: () => void): () => void {
  const timer = setInterval(() => {
    if (isAlive(identity)) return
    clearInterval(timer)
    onExit()
  }, pollMilliseconds)
  return () => clearInterval(timer)
}
