import { camelOf, kebabOf } from './names.ts'
import { ScaffoldError, type ReadTree, type ScaffoldPlan } from './plan.ts'

/** A reconciler with its records, its pure plan and a test of both: `reconciler scale idle-groups`. */
export function planReconciler(
  read: ReadTree,
  { room, noun }: { room: string; noun: string },
): ScaffoldPlan {
  if (read(`src/${room}/README.md`) === undefined)
    throw new ScaffoldError(`there is no room ${room}`)
  const name = kebabOf(noun)
  const camel = camelOf(noun)
  const pascal = camel.slice(0, 1).toUpperCase() + camel.slice(1)
  const files = new Map([
    [`src/${room}/${name}.ts`, recordText({ room, name, camel, pascal })],
    [`src/${room}/plan-${name}.ts`, planText({ name, pascal })],
    [`src/${room}/${name}-reconciler.ts`, reconcilerText({ room, name, camel, pascal })],
    [`src/${room}/${name}-reconciler.test.ts`, testText({ name, camel, pascal })],
  ])
  for (const path of files.keys()) {
    if (read(path) !== undefined) throw new ScaffoldError(`${path} is there already`)
  }
  return {
    files,
    next: [
      `say in src/${room}/${name}.ts what a record holds, and in plan-${name}.ts what follows from it`,
      `give the reconciler to the engine's list of reconcilers`,
      `tell in src/${room}/README.md what it keeps so`,
    ],
  }
}

interface Names {
  readonly room: string
  readonly name: string
  readonly camel: string
  readonly pascal: string
}

function recordText({ room, name, camel, pascal }: Names): string {
  return `import { kindOf } from '../store/records.ts'

/** What should be. */
export interface ${pascal} {
  readonly wanted: 'there' | 'gone'
}

/** By id. */
export const ${camel}Records = kindOf<${pascal}>('${room}/${name}')
`
}

function planText({ name, pascal }: Pick<Names, 'name' | 'pascal'>): string {
  return `import type { Observation } from '../kernel/observation.ts'
import type { ${pascal} } from './${name}.ts'

export type ${pascal}Step =
  | { readonly step: 'nothing' }
  | { readonly step: 'wait'; readonly reason: string }
  | { readonly step: 'forget' }

/** The next step towards what the record says. Nothing destructive follows from what is not known. */
export function plan${pascal}(record: ${pascal}, world: Observation<string>): ${pascal}Step {
  if (world.state === 'unknown') return { step: 'wait', reason: world.reason }
  if (record.wanted === 'gone' && world.state === 'absent') return { step: 'forget' }
  return { step: 'nothing' }
}
`
}

function reconcilerText({ room, name, camel, pascal }: Names): string {
  return `import type { Observation } from '../kernel/observation.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { ${camel}Records } from './${name}.ts'
import { plan${pascal} } from './plan-${name}.ts'

const waitMilliseconds = 1000

/** Makes the world as the records say. A reconciler, not a saga: each step can be repeated. */
export function ${camel}Reconciler(
  { store }: EngineContext,
  observe: (id: string) => Promise<Observation<string>>,
): Reconciler {
  return {
    name: '${room}/${name}',
    periodMilliseconds: 10_000,
    concurrencyMax: 4,
    wakes: [
      { kind: ${camel}Records, keysOf: (change) => [keyOf(change.scope, change.id)] },
    ],
    async keys() {
      return (await store.listAll(${camel}Records)).map((record) => keyOf(record.scope, record.id))
    },
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const record = await store.find(${camel}Records, scope, id)
      if (!record) return undefined
      const step = plan${pascal}(record.value, await observe(id))
      if (step.step === 'wait') return { againAfterMilliseconds: waitMilliseconds }
      if (step.step === 'forget') await store.remove(record)
      return undefined
    },
  }
}
`
}

function testText({ name, camel, pascal }: Pick<Names, 'name' | 'camel' | 'pascal'>): string {
  return `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { absent, unknown } from '../kernel/observation.ts'
import { plan${pascal} } from './plan-${name}.ts'

test('${camel}: what is not known is waited for', () => {
  const step = plan${pascal}({ wanted: 'gone' }, unknown('no answer'))
  assert.equal(step.step, 'wait')
})

test('${camel}: what is gone as asked is forgotten', () => {
  assert.deepEqual(plan${pascal}({ wanted: 'gone' }, absent), { step: 'forget' })
})
`
}
