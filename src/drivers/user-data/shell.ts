import { spawnSync } from 'node:child_process'
import { writeSync } from 'node:fs'

/** Runs programs on the machine's console, and remembers whether all went well. */
export class Shell {
  /** Of the first thing that failed; 0 when nothing did. */
  exitCode = 0

  say(words: string): void {
    writeSync(1, `cloud-init: ${words}\n`)
  }

  warn(words: string): void {
    this.say(`[WARNING]: ${words}`)
  }

  fail(words: string, code = 1): void {
    this.warn(words)
    if (this.exitCode === 0) this.exitCode = code
  }

  /** Does it, or says why it did not work, and goes on. */
  attempt(what: string, work: () => void): void {
    try {
      work()
    } catch (thrown) {
      this.fail(`${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
  }

  /** With its output on the console; a failure is said. */
  run(what: string, program: string, words: readonly string[]): void {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const done = spawnSync(program, words, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: environment,
    })
    if (done.status !== 0) {
      const how = done.error?.message ?? `exit code ${done.status ?? done.signal}`
      this.fail(`${what}: ${how}`, done.status ?? 1)
    }
  }

  /** Its output; throws with its own words when it fails. */
  require(program: string, words: readonly string[]): string {
    const done = spawnSync(program, words, { encoding: 'utf8' })
    if (done.status === 0) return done.stdout
    throw new Error(done.error?.message ?? `${program}: ${done.stderr.trim() || done.status}`)
  }

  succeeds(program: string, words: readonly string[]): boolean {
    return spawnSync(program, words, { stdio: 'ignore' }).status === 0
  }
}
