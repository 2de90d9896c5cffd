import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Life } from '../testing/crashing-store.ts'
import { Ordeal, ordealScope, targetOf, type Death } from '../testing/stack-ordeal.ts'
import type { Stacks } from './create-stacks.ts'
import type { StackRecord } from './stack-records.ts'

/**
 * A stack of thirty resources is made, changed and deleted, and at each resource in turn the work fails, or the server is killed
 * just before the resource's effect or just after it. It must end as AWS documents, with nothing leaked and nothing lost.
 */
const count = 30
const ids = Array.from({ length: count }, (_, n) => `R${n}`)

/** Each needs the resources of half and a third of its number: six layers, with siblings in each. */
function needsOf(n: number): readonly string[] {
  if (n === 0) return []
  return [...new Set([Math.floor((n - 1) / 2), Math.floor((n - 1) / 3)])].map((each) => `R${each}`)
}

function dependsOn(id: string, other: string): boolean {
  const needs = needsOf(Number(id.slice(1)))
  return needs.includes(other) || needs.some((each) => dependsOn(each, other))
}

/** The update changes every resource: in place, every fifth by a replacement. The template names the last first. */
function bodyOf(version: 1 | 2, spoilt?: { readonly id: string; readonly value: string }): string {
  const resources = ids.toReversed().map((id) => {
    const n = Number(id.slice(1))
    const Needs = needsOf(n).map((Ref) => ({ Ref }))
    const Value = spoilt?.id === id ? spoilt.value : `${version}`
    const Fixed = n % 5 === 4 ? `fixed ${version}` : 'fixed'
    return [id, { Type: 'Fake::Thing', Properties: { Value, Fixed, Needs } }]
  })
  const Outputs = { Last: { Value: { Ref: `R${count - 1}` } } }
  return JSON.stringify({ Resources: Object.fromEntries(resources), Outputs })
}

class Trial {
  readonly ordeal: Ordeal
  readonly operations: Stacks['operations']
  stackId = ''

  constructor(seed: number) {
    this.ordeal = new Ordeal(seed)
    this.operations = this.ordeal.server(new Life(Infinity)).operations
  }

  async create(): Promise<StackRecord> {
    const more = { name: 'matrix', onFailure: 'ROLLBACK', timeoutMinutes: undefined } as const
    const request = { ...targetOf(bodyOf(1)), ...more, isProtected: false }
    this.stackId = (await this.operations.create(ordealScope, request)).stackId
    return this.#rest()
  }

  /** `bad` fails before the change, `spoilt` after it. */
  async update(spoilt?: { id: string; value: 'bad' | 'spoilt' }): Promise<StackRecord> {
    const target = targetOf(bodyOf(2, spoilt))
    await this.operations.update(ordealScope, { ...target, nameOrId: this.stackId })
    return this.#rest()
  }

  async goOnBack(): Promise<StackRecord> {
    const { rollbacks } = this.ordeal.server(new Life(Infinity))
    await rollbacks.continueRollback(ordealScope, this.stackId, [])
    return this.#rest()
  }

  async remove(retain: readonly string[] = []): Promise<StackRecord> {
    await this.operations.remove(ordealScope, { nameOrId: this.stackId, retain, token: undefined })
    return this.#rest()
  }

  async #rest(): Promise<StackRecord> {
    const stack = await this.ordeal.work(this.stackId, [])
    await this.ordeal.checkRested(this.stackId)
    assert.deepEqual(this.ordeal.world.violations, [])
    return stack
  }

  /** What lives is exactly the template's resources, as it has them. */
  async expectVersion(version: 1 | 2): Promise<void> {
    const { ordeal, stackId } = this
    const living = [...ordeal.world.live.values()]
    assert.deepEqual(living.map(({ logicalId }) => logicalId).toSorted(), ids.toSorted())
    assert.ok(living.every(({ properties }) => properties['Value'] === `${version}`))
    await ordeal.checkKnown(stackId)
    const last = living.find(({ logicalId }) => logicalId === `R${count - 1}`)
    const { outputs } = await ordeal.find(stackId)
    assert.deepEqual(outputs, [{ name: 'Last', value: last?.id }])
  }

  /** The stack's last event is its status; the resource's failure is among the events, with its cause. */
  async expectCause(id: string, status: string, cause: RegExp): Promise<void> {
    const events = await this.ordeal.events(this.stackId)
    const failure = events.find((event) => event.startsWith(`${id} ${status} `))
    assert.match(failure ?? '', cause)
    const named = events.find((event) => event.includes('The following resource(s) failed to'))
    assert.match(named ?? '', new RegExp(`\\[.*\\b${id}\\b.*\\]`))
    const { status: last } = await this.ordeal.find(this.stackId)
    assert.match(events.at(-1) ?? '', new RegExp(`^matrix ${last} `))
  }

  async expectGone(): Promise<void> {
    const stack = await this.remove()
    assert.equal(stack.status, 'DELETE_COMPLETE')
    assert.deepEqual(this.ordeal.living(), {})
  }
}

/** Each resource meets one of the moments, and with `EVENKEEL_SEEDS` set (a long run) both. */
function momentsOf(n: number): readonly Death['when'][] {
  if (process.env['EVENKEEL_SEEDS'] !== undefined) return ['before', 'after']
  return [n % 2 === 0 ? 'before' : 'after']
}

/** Every resource in turn. The failing cell is named. */
async function everywhere(
  prove: (trial: Trial, id: string, when: Death['when']) => Promise<void>,
): Promise<void> {
  for (const [seed, id] of ids.entries()) {
    for (const when of momentsOf(seed)) {
      try {
        await prove(new Trial(seed), id, when)
      } catch (thrown) {
        throw new Error(`${when} ${id}`, { cause: thrown })
      }
    }
  }
}

function verbOf(id: string): 'create' | 'update' {
  return Number(id.slice(1)) % 5 === 4 ? 'create' : 'update'
}

function fail(trial: Trial, verb: Death['verb'], id: string, when: Death['when']): void {
  const { failing, afterMaking } = trial.ordeal.world
  failing.add(`${verb} ${id}`)
  if (when === 'after') afterMaking.add(id)
}

test('a creation that fails at any resource is rolled back', async () => {
  await everywhere(async (trial, id, when) => {
    fail(trial, 'create', id, when)
    assert.equal((await trial.create()).status, 'ROLLBACK_COMPLETE')
    assert.deepEqual(trial.ordeal.living(), {})
    await trial.expectCause(id, 'CREATE_FAILED', /no room for|did not come up/)
    await trial.expectGone()
  })
})

test('a creation whose server is killed at any resource is carried on', async () => {
  await everywhere(async (trial, id, when) => {
    trial.ordeal.dieAt({ verb: 'create', logicalId: id, when })
    assert.equal((await trial.create()).status, 'CREATE_COMPLETE')
    assert.equal(trial.ordeal.crashes, 1)
    await trial.expectVersion(1)
    await trial.expectGone()
  })
})

test('an update that fails at any resource is undone', async () => {
  await everywhere(async (trial, id, when) => {
    await trial.create()
    const before = trial.ordeal.living()
    const value = when === 'before' ? 'bad' : 'spoilt'
    assert.equal((await trial.update({ id, value })).status, 'UPDATE_ROLLBACK_COMPLETE')
    assert.deepEqual(trial.ordeal.living(), before)
    await trial.expectVersion(1)
    await trial.expectCause(id, 'UPDATE_FAILED', /is bad|did not come up|did not change well/)
    assert.equal((await trial.update()).status, 'UPDATE_COMPLETE')
    await trial.expectVersion(2)
  })
})

test('an update whose way back fails at any resource is undone when it is continued', async () => {
  await everywhere(async (trial, id) => {
    if (verbOf(id) === 'create') return
    await trial.create()
    const before = trial.ordeal.living()
    fail(trial, 'update', id, 'before')
    assert.equal((await trial.update()).status, 'UPDATE_ROLLBACK_FAILED')
    trial.ordeal.world.failing.clear()
    assert.equal((await trial.goOnBack()).status, 'UPDATE_ROLLBACK_COMPLETE')
    assert.deepEqual(trial.ordeal.living(), before)
    await trial.expectVersion(1)
  })
})

test('an update whose server is killed at any resource is carried on', async () => {
  await everywhere(async (trial, id, when) => {
    await trial.create()
    trial.ordeal.dieAt({ verb: verbOf(id), logicalId: id, when })
    assert.equal((await trial.update()).status, 'UPDATE_COMPLETE')
    assert.equal(trial.ordeal.crashes, 1)
    await trial.expectVersion(2)
  })
})

test('a deletion that fails at any resource keeps what that one needs, and ends when it is tried again', async () => {
  await everywhere(async (trial, id) => {
    await trial.create()
    fail(trial, 'remove', id, 'before')
    assert.equal((await trial.remove()).status, 'DELETE_FAILED')
    const kept = ids.filter((other) => other === id || dependsOn(id, other))
    const living = [...trial.ordeal.world.live.values()].map(({ logicalId }) => logicalId)
    assert.deepEqual(living.toSorted(), kept.toSorted())
    await trial.ordeal.checkKnown(trial.stackId)
    await trial.expectCause(id, 'DELETE_FAILED', /cannot go/)
    trial.ordeal.world.failing.clear()
    await trial.expectGone()
  })
})

test('a deletion whose server is killed at any resource is carried on', async () => {
  await everywhere(async (trial, id, when) => {
    await trial.create()
    trial.ordeal.dieAt({ verb: 'remove', logicalId: id, when })
    assert.equal((await trial.remove()).status, 'DELETE_COMPLETE')
    assert.equal(trial.ordeal.crashes, 1)
    assert.deepEqual(trial.ordeal.living(), {})
  })
})

test('a server that is killed while a failed creation or update is undone leaves nothing', async () => {
  await everywhere(async (trial, id, when) => {
    const [need] = needsOf(Number(id.slice(1)))
    if (need === undefined) return
    fail(trial, 'create', id, when)
    trial.ordeal.dieAt({ verb: 'remove', logicalId: need, when })
    assert.equal((await trial.create()).status, 'ROLLBACK_COMPLETE')
    assert.equal(trial.ordeal.crashes, 1)
    assert.deepEqual(trial.ordeal.living(), {})
  })
})

test('a rollback that cannot remove a resource says so, and the deletion after it ends', async () => {
  await everywhere(async (trial, id, when) => {
    const [need] = needsOf(Number(id.slice(1)))
    if (need === undefined) return
    fail(trial, 'create', id, when)
    fail(trial, 'remove', need, 'before')
    assert.equal((await trial.create()).status, 'ROLLBACK_FAILED')
    await trial.ordeal.checkKnown(trial.stackId)
    trial.ordeal.world.failing.clear()
    await trial.expectGone()
  })
})
