import { present } from '../kernel/assert.ts'
import type { Scope } from '../kernel/scope.ts'
import { StaleRevision, type Records, type Store, type StoredRecord } from '../store/records.ts'
import {
  stackEvents,
  stackResources,
  stacks,
  type ResourceRecord,
  type StackEvent,
  type StackRecord,
} from './stack-records.ts'

export type EventDraft = Omit<StackEvent, 'eventId' | 'at' | 'token'>

/** One commit: everything in it, or nothing. */
export interface JournalEntry {
  /** Undefined leaves the stack's own record as it is, and drops the entry: the caller looks again. */
  readonly stack?: (stack: StackRecord) => StackRecord | undefined
  readonly resources?: readonly ResourceRecord[]
  readonly dropped?: readonly string[]
  readonly events?: readonly EventDraft[]
  /** Further records of the same commit. */
  readonly also?: (records: Records) => Promise<void>
}

/**
 * One stack's records in memory, written one commit at a time. Only one activation works on a stack, so that the resources in
 * memory are those in the store; the stack's own record also has other writers (DeleteStack) and is read anew with each commit.
 */
export class StackJournal {
  readonly #store: Store
  readonly #scope: Scope
  readonly #now: () => number
  #stack: StoredRecord<StackRecord>
  readonly #resources = new Map<string, StoredRecord<ResourceRecord>>()
  readonly #waiting: Waiting[] = []
  #isWriting = false

  constructor(
    at: { store: Store; now: () => number },
    stack: StoredRecord<StackRecord>,
    resources: readonly StoredRecord<ResourceRecord>[],
  ) {
    this.#store = at.store
    this.#now = at.now
    this.#scope = stack.scope
    this.#stack = stack
    for (const resource of resources) this.#resources.set(resource.value.logicalId, resource)
  }

  get stack(): StackRecord {
    return this.#stack.value
  }

  resource(logicalId: string): ResourceRecord | undefined {
    return this.#resources.get(logicalId)?.value
  }

  resources(): ReadonlyMap<string, ResourceRecord> {
    return new Map([...this.#resources].map(([id, { value }]) => [id, value]))
  }

  async refresh(): Promise<void> {
    const stack = await this.#store.find(stacks, this.#scope, this.stack.uuid)
    this.#stack = present(stack, 'a stack keeps its record')
  }

  /** False when the stack's function wanted nothing of it. What is written while a commit is under way shares the next one. */
  write(entry: JournalEntry): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.#waiting.push({ entry, resolve, reject })
    if (!this.#isWriting) void this.#drain()
    return promise
  }

  /** Never rejects: the writers hear of it. */
  async #drain(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, countTogether(this.#waiting.map(entryOf)))
      try {
        const isWritten = await this.#commit(together.map(entryOf))
        for (const { resolve } of together) resolve(isWritten)
      } catch (thrown) {
        for (const { reject } of together) reject(thrown)
      }
    }
    this.#isWriting = false
  }

  async #commit(entries: readonly JournalEntry[]): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(entries)
      } catch (thrown) {
        if (!(thrown instanceof StaleRevision) || attempt >= attemptsMax) throw thrown
      }
    }
  }

  async #attempt(entries: readonly JournalEntry[]): Promise<boolean> {
    const events = entries.flatMap((entry) => entry.events ?? [])
    const result = await this.#store.transaction(async (records) => {
      const found = await records.find(stacks, this.#scope, this.stack.uuid)
      const record = present(found, 'a stack keeps its record')
      const change = entries.find(({ stack }) => stack)?.stack
      const changed = change ? change(record.value) : record.value
      if (!changed) return undefined
      const counted = { ...changed, eventCount: changed.eventCount + events.length }
      const isChanged = counted.eventCount !== record.value.eventCount || changed !== record.value
      const stack = isChanged ? await records.update(record, counted) : record
      const numbers = { first: record.value.eventCount, at: this.#now() }
      await insertEvents(records, stack, events, numbers)
      const resources: StoredRecord<ResourceRecord>[] = []
      for (const entry of entries) {
        resources.push(...(await this.#writeResources(records, entry)))
        await entry.also?.(records)
      }
      return { stack, resources }
    })
    if (!result) return false
    this.#stack = result.stack
    for (const resource of result.resources) {
      this.#resources.set(resource.value.logicalId, resource)
    }
    for (const logicalId of entries.flatMap(({ dropped = [] }) => dropped)) {
      this.#resources.delete(logicalId)
    }
    return true
  }

  async #writeResources(
    records: Records,
    entry: JournalEntry,
  ): Promise<readonly StoredRecord<ResourceRecord>[]> {
    const written: StoredRecord<ResourceRecord>[] = []
    const { uuid } = this.stack
    for (const value of entry.resources ?? []) {
      const known = this.#resources.get(value.logicalId)
      const at = { scope: this.#scope, id: `${uuid}/${value.logicalId}`, owner: uuid }
      written.push(
        known
          ? await records.update(known, value)
          : await records.insert(stackResources, at, value),
      )
    }
    for (const logicalId of entry.dropped ?? []) {
      const known = this.#resources.get(logicalId)
      if (known) await records.remove(known)
    }
    return written
  }
}

interface Waiting {
  readonly entry: JournalEntry
  readonly resolve: (isWritten: boolean) => void
  readonly reject: (thrown: unknown) => void
}

function entryOf({ entry }: Waiting): JournalEntry {
  return entry
}

/** How many of the first entries share a commit: those of different resources. One that moves the stack, or may fail, is alone. */
function countTogether(entries: readonly JournalEntry[]): number {
  const ids = new Set<string>()
  let count = 0
  for (const { stack, also, dropped, resources = [] } of entries) {
    if (stack || also || dropped) break
    if (resources.some(({ logicalId }) => ids.has(logicalId))) break
    for (const { logicalId } of resources) ids.add(logicalId)
    count++
  }
  return Math.max(1, count)
}

/** More lost races than this in a row means a writer that never rests. */
const attemptsMax = 50

/** Adds events to a stack whose record counts them already. */
export async function insertEvents(
  records: Records,
  stack: StoredRecord<StackRecord>,
  events: readonly EventDraft[],
  numbers: { readonly first: number; readonly at: number },
): Promise<void> {
  const { uuid } = stack.value
  const token = stack.value.token ? { token: stack.value.token.value } : {}
  for (const [index, event] of events.entries()) {
    const sequence = String(numbers.first + index).padStart(8, '0')
    const eventId =
      event.physicalId === stack.value.stackId && event.logicalId === stack.value.name
        ? `${uuid.slice(0, 24)}${sequence.padStart(12, '0')}`
        : `${event.logicalId}-${event.status}-${sequence}`
    await records.insert(
      stackEvents,
      { scope: stack.scope, id: `${uuid}/${sequence}`, owner: uuid },
      { ...event, ...token, eventId, at: numbers.at },
    )
  }
}

/** An event of the stack itself. */
export function stackEvent(
  stack: Pick<StackRecord, 'name' | 'stackId'>,
  status: StackEvent['status'],
  reason?: string,
): EventDraft {
  return {
    logicalId: stack.name,
    physicalId: stack.stackId,
    type: 'AWS::CloudFormation::Stack',
    status,
    ...(reason === undefined ? {} : { reason }),
  }
}
