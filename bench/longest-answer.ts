import { Agent, get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** Between two questions; a stall that is shorter than that may be missed. */
const everyMilliseconds = 50

/**
 * Asks a server for its health, which it answers from memory, until it is stopped: the longest answer is about the longest that its event
 * loop did nothing else, or waited for a processor.
 */
export function longestAnswer(endpoint: string): { stop(): Promise<number> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let longest = 0
  let isStopped = false
  const asking = ask()

  async function ask(): Promise<void> {
    while (!isStopped) {
      const began = performance.now()
      await new Promise<void>((resolve, reject) => {
        get(`${endpoint}/_evenkeel/health`, { agent }, (response) => {
          response.resume().on('end', resolve).on('error', reject)
        }).on('error', reject)
      })
      longest = Math.max(longest, performance.now() - began)
      await delay(everyMilliseconds)
    }
    agent.destroy()
  }
  // Told by `stop`.
  asking.catch(() => undefined)
  return {
    async stop() {
      isStopped = true
      await asking
      return longest
    },
  }
}
