import { Client } from 'pg'
import { openPostgresStore } from '../src/drivers/postgres/index.ts'
import { silentLog } from '../src/kernel/ports.ts'
import { systemClock } from '../src/kernel/system/clock.ts'
import { systemRandom } from '../src/kernel/system/random.ts'
import { createLoop } from '../src/reconcile/loop.ts'
import { createStacks, type Stacks } from '../src/stacks/create-stacks.ts'
import type { ResourceType } from '../src/stacks/resource-type.ts'
import { findStack } from '../src/stacks/stack-reader.ts'
import { phaseOf } from '../src/stacks/stack-status.ts'
import type { Store } from '../src/store/records.ts'
import { temporaryPostgres } from '../src/testing/embedded-postgres.ts'
import { fakeLookups } from '../src/testing/fake-resource-types.ts'
import { row } from './figures.ts'

/**
 * The stack engine by itself, durable, in PostgreSQL: its resources take no time, so that all of it is the engine's own. Statements
 * are those that the store sends.
 */
const scope = { account: '000000000000', region: 'us-east-1' }
const objects = { head: async () => undefined, read: async () => undefined }
const options = { onFailure: 'ROLLBACK', timeoutMinutes: undefined, isProtected: false } as const

const light: ResourceType = {
  name: 'Bench::Light',
  properties: { Needs: true },
  required: [],
  attributes: [],
  replaceOn: [],
  async create(_properties, context) {
    await context.started(context.logicalId)
    return { physicalId: context.logicalId, attributes: {} }
  },
  update: async ({ physicalId }) => ({ physicalId, attributes: {} }),
  remove: async () => undefined,
}

let statements = 0
const { query } = Client.prototype as { query: (...given: unknown[]) => unknown }
Client.prototype.query = function counted(this: Client, ...given: unknown[]): unknown {
  statements++
  return query.apply(this, given)
} as typeof Client.prototype.query

const temporary = await temporaryPostgres()
if ('skip' in temporary) row(`not run: ${temporary.skip}`)
else {
  const { connection } = temporary.postgres
  const store = await openPostgresStore({ connection, clock: systemClock, log: silentLog })
  try {
    await figures(store)
  } finally {
    await store.close()
    await temporary.remove()
  }
}

async function figures(store: Store): Promise<void> {
  const log = silentLog
  const loop = createLoop({ store, clock: systemClock, log, holder: 'bench' })
  const context = { store, clock: systemClock, random: systemRandom, log }
  const stacks = createStacks(
    { ...context, events: { publish: () => undefined }, wake: loop },
    { types: () => [light], lookups: fakeLookups, objects },
  )
  for (const reconciler of stacks.reconcilers) loop.add(reconciler)
  await loop.start()
  row('stacks', 'create', 'delete', 'us a resource', 'statements each')
  const flat = Array.from({ length: 500 }, (_, n) => ({ id: `R${n}`, needs: [] }))
  await measure({ stacks, store }, '500 resources', [flat])
  const chain = Array.from({ length: 100 }, (_, n) => ({
    id: `R${n}`,
    needs: n === 0 ? [] : [`R${n - 1}`],
  }))
  await measure({ stacks, store }, '100 resources, depth 100', [chain])
  const many = Array.from({ length: 200 }, () => flat.slice(0, 5))
  await measure({ stacks, store }, '200 stacks of 5 at once', many)
  await loop.stop()
}

type Plan = readonly { readonly id: string; readonly needs: readonly string[] }[]

async function measure(
  engine: { readonly stacks: Stacks; readonly store: Store },
  name: string,
  plans: readonly Plan[],
): Promise<void> {
  const { operations } = engine.stacks
  const resources = plans.flat().length
  const before = statements
  const began = performance.now()
  const made = await Promise.all(
    plans.map((plan, index) =>
      operations.create(scope, {
        ...options,
        name: `${name.replaceAll(/[^a-z0-9]/g, '-').replace(/^/, 's')}-${index}`,
        source: { body: bodyOf(plan), endpointHost: 'localhost' },
        parameters: [],
        tags: [],
        capabilities: [],
        token: undefined,
      }),
    ),
  )
  const ids = made.map(({ stackId }) => stackId)
  for (const id of ids) await rested(engine.store, id, 'CREATE_COMPLETE')
  const created = performance.now()
  await Promise.all(
    ids.map((nameOrId) => operations.remove(scope, { nameOrId, retain: [], token: undefined })),
  )
  for (const id of ids) await rested(engine.store, id, 'DELETE_COMPLETE')
  const deleted = performance.now()
  row(
    name,
    `${((created - began) / 1000).toFixed(2)} s`,
    `${((deleted - created) / 1000).toFixed(2)} s`,
    (((deleted - began) * 1000) / resources).toFixed(0),
    ((statements - before) / resources).toFixed(1),
  )
}

function bodyOf(plan: Plan): string {
  const resources = plan.map(({ id, needs }) => [
    id,
    { Type: light.name, Properties: { Needs: needs.map((Ref) => ({ Ref })) } },
  ])
  return JSON.stringify({ Resources: Object.fromEntries(resources) })
}

async function rested(store: Store, stackId: string, status: string): Promise<void> {
  for (;;) {
    const found = await findStack(store, scope, stackId)
    if (found && !phaseOf(found.value.status)) {
      if (found.value.status === status) return
      throw new Error(`${stackId}: ${found.value.status} ${found.value.statusReason ?? ''}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
