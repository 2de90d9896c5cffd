import assert from 'node:assert/strict'
import { silentLog } from '../kernel/ports.ts'
import type { ObjectReader } from '../objects/objects.ts'
import { createLoop } from '../reconcile/loop.ts'
import type { DynamicReference } from '../stacks/domain/dynamic-references.ts'
import { createStacks, type Stacks } from '../stacks/create-stacks.ts'
import type { Notifier } from '../stacks/notifier.ts'
import type { ResourceType } from '../stacks/resource-type.ts'
import { eventsOf, findStack } from '../stacks/stack-reader.ts'
import type { AlarmStates } from '../stacks/stack-run.ts'
import type { StackRecord } from '../stacks/stack-records.ts'
import { fakeLookups, fakeType, fakeWorld, type FakeWorld } from './fake-resource-types.ts'
import { manualClock } from './manual-clock.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

export const benchScope = { account: '000000000000', region: 'us-east-1' }

/** The stack engine with fake types, its loop running, on a clock that the test turns. */
export interface StackBench {
  readonly stacks: Stacks
  readonly world: FakeWorld
  settle(milliseconds?: number): Promise<void>
  find(nameOrId: string): Promise<StackRecord>
  /** `A CREATE_FAILED reason`, oldest first. */
  events(nameOrId: string): Promise<string[]>
}

/** Rounds of the event loop in which a stack of a few resources comes to rest. */
const settleRounds = 40

const noObjects: ObjectReader = { head: async () => undefined, read: async () => undefined }

export async function stackBench(
  options: {
    readonly types?: (world: FakeWorld) => readonly ResourceType[]
    readonly objects?: ObjectReader
    /** Values of SSM parameters by name. */
    readonly stored?: ReadonlyMap<string, string>
    /** What dynamic references stand for. */
    readonly dynamic?: (reference: DynamicReference) => string
    readonly notifier?: Notifier
    readonly alarms?: AlarmStates
    /** Types that work with the engine itself. */
    readonly ownTypes?: (stacks: Stacks) => readonly ResourceType[]
  } = {},
): Promise<StackBench> {
  const clock = manualClock()
  const store = memoryStore(clock)
  const world = fakeWorld()
  const loop = createLoop({ store, clock, log: silentLog, holder: 'test' })
  const types: ResourceType[] = [fakeType(world), ...(options.types?.(world) ?? [])]
  const random = seededRandom(1)
  const context = { store, clock, random, log: silentLog, events: { publish() {} }, wake: loop }
  const stacks = createStacks(context, {
    types: () => types,
    lookups: {
      ...fakeLookups,
      stored: async (_scope, name) => options.stored?.get(name),
      dynamic: async (_scope, reference) => options.dynamic?.(reference) ?? '',
    },
    objects: options.objects ?? noObjects,
    ...(options.notifier ? { notifier: options.notifier } : {}),
    ...(options.alarms ? { alarms: options.alarms } : {}),
  })
  types.push(...(options.ownTypes?.(stacks) ?? []))
  for (const reconciler of stacks.reconcilers) loop.add(reconciler)
  await loop.start()
  const find = async (nameOrId: string): Promise<StackRecord> => {
    const found = await findStack(store, benchScope, nameOrId)
    assert.ok(found, `${nameOrId} is there`)
    return found.value
  }
  return {
    stacks,
    world,
    find,
    async settle(milliseconds = 0) {
      for (let round = 0; round < settleRounds; round++) await clock.settle()
      if (milliseconds === 0) return
      await clock.advance(milliseconds)
      for (let round = 0; round < settleRounds; round++) await clock.settle()
    },
    async events(nameOrId) {
      const events = await eventsOf(store, benchScope, (await find(nameOrId)).uuid)
      return events.map(({ logicalId, status, reason }) =>
        [logicalId, status, reason].filter((part) => part !== undefined).join(' '),
      )
    },
  }
}
