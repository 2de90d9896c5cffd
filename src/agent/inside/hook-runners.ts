import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./run-hook.ts', import.meta.url))

/** What a runner says when it has written the end of a hook. */
export const runnerIsFree = 'free'

/**
 * Processes that run hooks, each in a session of its own, with nobody's pipes: they outlive us, the agent and the host. One stands
 * ready; it runs one hook after another, and another takes its place while a hook keeps it busy.
 */
export class HookRunners {
  #free: ChildProcess | undefined = this.#start()

  /** Runs the hook whose request is in this file. */
  run(requestFile: string): void {
    const runner = this.#free?.connected ? this.#free : this.#start()
    this.#free = undefined
    runner.send(requestFile)
  }

  #start(): ChildProcess {
    const runner = spawn(process.execPath, [program], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    runner.on('message', (said) => {
      if (said === runnerIsFree && !this.#free?.connected) this.#free = runner
      else runner.disconnect()
    })
    // A hook that it was given and never began is found out by whoever waits for it.
    runner.on('error', () => {})
    runner.unref()
    runner.channel?.unref()
    return runner
  }
}
