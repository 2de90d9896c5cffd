import { setTimeout as sleep } from 'node:timers/promises'
import { reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'
import type { CommandsClient, PolledCommand } from './commands-client.ts'
import { executeCommand, failure, isPassing, type Workshop } from './execute-command.ts'
import { isDeployable, machineIdOf } from './host-identifier.ts'
import type { CommandEnd } from './inside/requests.ts'
import { LogUpload } from './log-upload.ts'
import { closeInside } from './run-inside.ts'

export interface AgentParts extends Workshop {
  readonly commands: CommandsClient
  readonly log: Log
}

/** Commands that run at once on one host; more wait their turn. */
const commandsMax = 64
const retryMilliseconds = { first: 200, most: 1000 } as const
/** Without any machine there is nothing to poll for. */
const idleMilliseconds = 500

/** Polls for all running instances of this host, and carries out what comes, until aborted. */
export async function runAgent(parts: AgentParts, signal: AbortSignal): Promise<void> {
  const agent = new Agent(parts)
  await agent.run(signal)
}

class Agent {
  readonly #parts: AgentParts
  readonly #running = new Map<string, Promise<void>>()
  /** Aborts the poll under way when a machine comes or goes. */
  #poll = new AbortController()

  constructor(parts: AgentParts) {
    this.#parts = parts
  }

  async run(signal: AbortSignal): Promise<void> {
    const { inside, log } = this.#parts
    const unwatch = inside.compute.watch(({ id }) => {
      if (isDeployable(id)) this.#poll.abort()
    })
    let pause: number = retryMilliseconds.first
    try {
      while (!signal.aborted) {
        try {
          await this.#round(signal)
          pause = retryMilliseconds.first
        } catch (thrown) {
          if (signal.aborted) break
          log.write('warn', 'polling failed', { reason: reasonOf(thrown), pause })
          await sleep(pause, undefined, { signal }).catch(() => {})
          pause = Math.min(retryMilliseconds.most, pause * 2)
        }
      }
    } finally {
      unwatch()
      closeInside(inside)
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { commands } = this.#parts
    const poll = new AbortController()
    this.#poll = poll
    const hosts = await this.#hosts()
    if (hosts.length === 0 || this.#running.size >= commandsMax) {
      const either = AbortSignal.any([signal, poll.signal])
      await sleep(idleMilliseconds, undefined, { signal: either }).catch(() => {})
      return
    }
    let served: readonly PolledCommand[]
    try {
      const either = AbortSignal.any([signal, poll.signal])
      served = await commands.poll(hosts, [...this.#running.keys()], {
        commandsMax: commandsMax - this.#running.size,
        signal: either,
      })
    } catch (thrown) {
      if (poll.signal.aborted) return
      throw thrown
    }
    for (const command of served) {
      const id = command.HostCommandIdentifier
      if (this.#running.has(id)) continue
      this.#running.set(
        id,
        this.#serve(command, signal).finally(() => this.#running.delete(id)),
      )
    }
  }

  async #hosts(): Promise<readonly string[]> {
    const { machines } = await this.#parts.inside.compute.inventory()
    return machines
      .filter((machine) => machine.phase === 'running' && isDeployable(machine.id))
      .map((machine) => machine.id)
  }

  async #serve(command: PolledCommand, signal: AbortSignal): Promise<void> {
    const { commands, log } = this.#parts
    const id = command.HostCommandIdentifier
    const about = { host: command.HostIdentifier, command: command.CommandName }
    try {
      const status = await this.#insist(signal, () => commands.acknowledge(id))
      if (status !== 'InProgress') return
      const upload = new LogUpload((offset, text) => commands.log(id, offset, text))
      const end = await this.#carryOut(command, upload, signal)
      await upload.finish()
      await this.#insist(signal, () =>
        commands.complete(id, {
          status: end.errorCode === 0 ? 'Succeeded' : 'Failed',
          diagnostics: JSON.stringify({
            error_code: end.errorCode,
            script_name: end.scriptName,
            message: end.message,
            log: end.log,
          }),
        }),
      )
      log.write('info', 'command done', { ...about, errorCode: end.errorCode })
    } catch (thrown) {
      if (!signal.aborted)
        log.write('error', 'command given up', { ...about, reason: reasonOf(thrown) })
    }
  }

  /** Until it ends: a host process that is away, or a machine's program that was cut off, is waited for. */
  async #carryOut(
    command: PolledCommand,
    upload: LogUpload,
    signal: AbortSignal,
  ): Promise<CommandEnd> {
    const machineId = machineIdOf(command.HostIdentifier)
    let pause: number = retryMilliseconds.first
    for (;;) {
      try {
        upload.restart()
        return await executeCommand(this.#parts, command, (text) => upload.add(text))
      } catch (thrown) {
        const reason = reasonOf(thrown)
        if (!isPassing(thrown)) return failure(reason)
        if (await this.#isGone(machineId)) return failure(`${machineId} is not running: ${reason}`)
        this.#parts.log.write('warn', 'command is tried again', { machineId, reason })
        await sleep(pause, undefined, { signal })
        pause = Math.min(retryMilliseconds.most, pause * 2)
      }
    }
  }

  async #isGone(machineId: string): Promise<boolean> {
    try {
      return !(await this.#hosts()).includes(machineId)
    } catch {
      // The host process is away: unknown is not gone.
      return false
    }
  }

  async #insist<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    let pause: number = retryMilliseconds.first
    for (;;) {
      try {
        return await call()
      } catch (thrown) {
        if (!isPassing(thrown)) throw thrown
        await sleep(pause, undefined, { signal })
        pause = Math.min(retryMilliseconds.most, pause * 2)
      }
    }
  }
}
