import type { ConsoleDriver } from '../compute/driver.ts'
import { instances, type Instance } from '../compute/instance.ts'
import type { Logs } from '../logs/create-logs.ts'
import type { ConsolePart } from '../protocol/machine.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { mirrorOf } from '../store/mirror.ts'
import { kindOf, modify, RecordExists, type StoredRecord } from '../store/records.ts'
import { writeLines } from './write-lines.ts'

/** Streams are named after instances. */
export const consoleGroup = '/evenkeel/console'

/** How far a machine's console has been taken. Id: the instance's. */
interface ConsolePlace {
  readonly place: number
}
const consolePlaces = kindOf<ConsolePlace>('server/console-place')

const periodMilliseconds = 2000
/** Of one console in one round: a machine that writes more for long is read with gaps, and the log says so. */
const partBytesMax = 64 * 1024
/** In one call of the host. */
const machinesMax = 50
const listMilliseconds = 60_000

/**
 * Takes machines' consoles to a log group. A reconciler, so that one of several servers does it. Lines are written before the place is:
 * after a crash some may be there twice, and none is missing.
 */
export function consoleLogs(
  logs: Logs,
  driver: ConsoleDriver,
): { readonly reconcilers: readonly Reconciler[] } {
  const { store, clock } = logs.context
  const mirror = mirrorOf(
    { store, clock },
    { kind: instances, periodMilliseconds: listMilliseconds },
  )
  const reader = new ConsoleTaker(logs, driver)
  return {
    reconcilers: [
      {
        name: 'server/console-logs',
        periodMilliseconds,
        concurrencyMax: 1,
        // What a machine says last is read before its folder goes.
        wakes: [{ kind: instances, keysOf: () => ['consoles'] }],
        keys: async () => ['consoles'],
        async reconcile(_key, signal) {
          const all = [...(await mirror.read()).values()]
          const made = all.filter(({ value }) => value.incarnation > 0 && isThere(value))
          for (let n = 0; n < made.length && !signal.aborted; n += machinesMax) {
            await reader.take(made.slice(n, n + machinesMax))
          }
          await reader.forget(all.filter(({ value }) => value.state === 'terminated'))
          return undefined
        },
      },
    ],
  }
}

function isThere({ state }: Instance): boolean {
  return state !== 'terminated'
}

class ConsoleTaker {
  readonly #logs: Logs
  readonly #driver: ConsoleDriver
  readonly #places = new Map<string, number>()
  /** Where an unfinished line began and ended when it was last looked at. */
  readonly #unfinished = new Map<string, number>()
  #forgotten: ReadonlySet<string> = new Set()

  constructor(logs: Logs, driver: ConsoleDriver) {
    this.#logs = logs
    this.#driver = driver
  }

  async take(machines: readonly StoredRecord<Instance>[]): Promise<void> {
    const after: Record<string, number> = {}
    for (const machine of machines) after[machine.id] = await this.#placeOf(machine)
    const parts = await this.#driver.consoles({ after, bytesMax: partBytesMax })
    const byId = new Map(machines.map((machine) => [machine.id, machine]))
    for (const part of parts) {
      const machine = byId.get(part.id)
      if (machine) await this.#write(machine, after[part.id] ?? 0, part)
    }
  }

  /** Machines that are gone for good. */
  async forget(machines: readonly StoredRecord<Instance>[]): Promise<void> {
    const { store } = this.#logs.context
    for (const { scope, id } of machines) {
      if (this.#forgotten.has(id)) continue
      const record = await store.find(consolePlaces, scope, id)
      if (record) await store.remove(record)
      this.#places.delete(id)
      this.#unfinished.delete(id)
    }
    this.#forgotten = new Set(machines.map(({ id }) => id))
  }

  async #placeOf({ scope, id }: StoredRecord<Instance>): Promise<number> {
    const known = this.#places.get(id)
    if (known !== undefined) return known
    const record = await this.#logs.context.store.find(consolePlaces, scope, id)
    const place = record?.value.place ?? 0
    this.#places.set(id, place)
    return place
  }

  async #write(
    { scope, id }: StoredRecord<Instance>,
    after: number,
    part: ConsolePart,
  ): Promise<void> {
    const bytes = Buffer.from(part.bytes, 'base64')
    const end = this.#endOf(part, bytes)
    if (end === 0) return
    const lines = bytes.subarray(0, end).toString('utf8').split(/\r?\n/)
    const gap = part.from > after ? [`[${part.from - after} bytes were left out]`] : []
    const stream = { scope, groupName: consoleGroup, streamName: id }
    await writeLines(this.#logs, stream, [...gap, ...lines])
    await this.#note({ scope, id }, part.from + end)
  }

  /** Past the last whole line; past all of it when there is none for long, or when it got no further since the last look. */
  #endOf({ id, until }: ConsolePart, bytes: Buffer): number {
    const end = bytes.lastIndexOf(0x0a) + 1
    if (end > 0) return end
    const isStuck = this.#unfinished.get(id) === until || bytes.length >= partBytesMax
    this.#unfinished.set(id, until)
    return isStuck ? bytes.length : 0
  }

  async #note(
    { scope, id }: Pick<StoredRecord<Instance>, 'scope' | 'id'>,
    place: number,
  ): Promise<void> {
    const { store } = this.#logs.context
    const at = { kind: consolePlaces, scope, id }
    const written = await modify(store, at, () => ({ place }))
    if (!written) {
      await store.insert(consolePlaces, { scope, id }, { place }).catch((thrown: unknown) => {
        if (!(thrown instanceof RecordExists)) throw thrown
      })
    }
    this.#places.set(id, place)
  }
}
