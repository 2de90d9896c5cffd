import { setTimeout as delay } from 'node:timers/promises'
import { isAlive, signalProcess, type ProcessIdentity } from './process-identity.ts'

const pollMilliseconds = 10

/** Asks exactly this process to end, kills it after `graceMilliseconds` (0: at once), and resolves when it is gone. */
export async function stopProcess(
  identity: ProcessIdentity,
  graceMilliseconds: number,
): Promise<void> {
  if (graceMilliseconds > 0) signalProcess(identity, 'SIGTERM')
  for (let waited = 0; isAlive(identity); waited += pollMilliseconds) {
    if (waited >= graceMilliseconds) signalProcess(identity, 'SIGKILL')
    await delay(pollMilliseconds)
  }
}
