import assert from 'node:assert/strict'
import { present } from '../kernel/assert.ts'
import type { Clock } from '../kernel/clock.ts'
import { silentLog } from '../kernel/ports.ts'
import type { Random } from '../kernel/random.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { createStacks, type Stacks } from '../stacks/create-stacks.ts'
import type { ResourceContext, ResourceType } from '../stacks/resource-type.ts'
import { eventsOf, findStack, resourcesOf } from '../stacks/stack-reader.ts'
import type { StackRecord } from '../stacks/stack-records.ts'
import type { Store } from '../store/records.ts'
import { Crash, crashingStore, Life } from './crashing-store.ts'
import { fakeLookups, fakeType, fakeWorld, type FakeWorld } from './fake-resource-types.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

export const ordealScope = { account: '000000000000', region: 'us-east-1' }
const scope = ordealScope

/** Of a sleep: longer ones end early, so that what is waited for can still come. */
const longestMilliseconds = 3000

/** Sleeping takes no time, and gives others their turn. */
function hastyClock(): Clock {
  let now = Date.UTC(2026, 10, 22)
  return {
    now: () => now,
    async sleep(milliseconds) {
      now += Math.min(milliseconds, longestMilliseconds)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

/** A moment in the work on a resource at which the server is killed, once. */
export interface Death {
  readonly verb: 'create' | 'update' | 'remove'
  readonly logicalId: string
  /** Before the effect on the world, or after it and before a word of it was recorded. */
  readonly when: 'before' | 'after'
}

/** A world whose servers die: each has a life, and the next one carries on with the same store. */
export class Ordeal {
  readonly world: FakeWorld = fakeWorld()
  readonly store: Store
  readonly #clock = hastyClock()
  readonly #random: Random
  crashes = 0
  #deaths: readonly Death[] = []

  constructor(seed: number) {
    this.store = memoryStore(this.#clock)
    this.#random = seededRandom(seed)
  }

  server(life: Life): Stacks {
    const random = this.#random
    const step = async (): Promise<void> => {
      life.step()
      for (let turns = random.below(4); turns > 0; turns--) await Promise.resolve()
    }
    const type = this.#mortal(fakeType({ ...this.world, step }), life)
    const signalled: ResourceType = {
      ...fakeType({ ...this.world, step }, 'Fake::Group'),
      signalledBy: 'instances',
    }
    const context = {
      store: crashingStore(this.store, life),
      clock: this.#clock,
      random,
      log: silentLog,
      events: { publish() {} },
      wake: { wake() {} },
    }
    const objects = { head: async () => undefined, read: async () => undefined }
    return createStacks(context, { types: () => [type, signalled], lookups: fakeLookups, objects })
  }

  /** The servers that work from now on die at these moments. */
  dieAt(...deaths: readonly Death[]): void {
    this.#deaths = deaths
  }

  /** The type as a server meets it that is to die. */
  #mortal(type: ResourceType, life: Life): ResourceType {
    const around = async <R>(
      verb: Death['verb'],
      { logicalId }: ResourceContext,
      act: () => Promise<R>,
    ): Promise<R> => {
      const death = this.#deaths.find((each) => each.verb === verb && each.logicalId === logicalId)
      if (!death || life.isOver) return act()
      this.#deaths = this.#deaths.filter((each) => each !== death)
      if (death.when === 'after') await act()
      life.end()
      throw new Crash('the server was killed')
    }
    return {
      ...type,
      create: (properties, context) =>
        around('create', context, () => type.create(properties, context)),
      update: (change, context) =>
        around('update', context, async () =>
          present(await type.update?.(change, context), 'the fake type updates'),
        ),
      remove: (made, context) => around('remove', context, () => type.remove(made, context)),
    }
  }

  /** Works until the stack rests; `lives` are the steps of each server, the last one has no end. */
  async work(stackId: string, lives: readonly number[]): Promise<StackRecord> {
    for (const steps of [...lives, ...this.#deaths.map(() => Infinity), Infinity]) {
      const life = new Life(steps)
      const { reconcilers } = this.server(life)
      const reconciler = reconcilers.find(({ name }) => name === 'stacks/operations')
      const { uuid } = await this.find(stackId)
      try {
        await reconciler?.reconcile(keyOf(scope, uuid), new AbortController().signal)
        if (!life.isOver) break
      } catch (thrown) {
        if (!(thrown instanceof Crash)) throw thrown
        this.crashes++
      }
      // What the dead server had in its hands comes to nothing, or to its effect, before the next one begins.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
    return this.find(stackId)
  }

  async find(stackId: string): Promise<StackRecord> {
    const found = await findStack(this.store, scope, stackId)
    assert.ok(found)
    return found.value
  }

  living(): Record<string, string> {
    const living = [...this.world.live.values()].map(({ logicalId, id, properties }) => [
      `${logicalId} ${id}`,
      JSON.stringify(properties),
    ])
    return Object.fromEntries(living)
  }

  /** The stack's records know exactly what lives. */
  async checkKnown(stackId: string): Promise<void> {
    const records = await resourcesOf(this.store, scope, (await this.find(stackId)).uuid)
    const known = records
      .filter(({ status }) => status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED')
      .map(({ current }) => current.physicalId)
    assert.deepEqual(new Set(known), new Set(this.world.live.keys()))
    assert.equal(known.length, this.world.live.size)
    assert.ok(records.every(({ before, surplus, side }) => !before && !surplus && !side))
  }

  /** `R1 CREATE_FAILED why`, oldest first. */
  async events(stackId: string): Promise<readonly string[]> {
    const events = await eventsOf(this.store, scope, (await this.find(stackId)).uuid)
    return events.map(({ logicalId, status, reason = '' }) => `${logicalId} ${status} ${reason}`)
  }

  /** Nothing of a stack that rests is still being worked on. */
  async checkRested(stackId: string): Promise<void> {
    const { uuid, status } = await this.find(stackId)
    assert.doesNotMatch(status, /_IN_PROGRESS$/)
    for (const record of await resourcesOf(this.store, scope, uuid)) {
      assert.doesNotMatch(record.status, /_IN_PROGRESS$/, record.logicalId)
    }
  }
}

/** A request's share of every operation with a template. */
export function targetOf(body: string): {
  source: { body: string; endpointHost: string }
  parameters: []
  tags: undefined
  capabilities: []
  token: undefined
} {
  const source = { body, endpointHost: 'localhost' }
  return { source, parameters: [], tags: undefined, capabilities: [], token: undefined }
}
