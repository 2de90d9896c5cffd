import type { ObjectReader } from '../objects/objects.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { ChangeSets } from './change-sets.ts'
import { noTemplate } from './domain/template.ts'
import type { ParameterLookups } from './parameter-lookups.ts'
import type { TargetContext } from './prepare-target.ts'
import type { ResourceType } from './resource-type.ts'
import { StackJournal } from './stack-journal.ts'
import { StackModel } from './stack-model.ts'
import { StackOperations } from './stack-operations.ts'
import { templateBody } from './stack-reader.ts'
import { stackResources, stacks } from './stack-records.ts'
import { StackRun } from './stack-run.ts'
import { phaseOf } from './stack-status.ts'
import { TemplateCache } from './template-cache.ts'

/** What stacks are made of. `types` is asked each time: services are made after this engine. */
export interface StackDeps {
  readonly types: () => readonly ResourceType[]
  readonly lookups: ParameterLookups
  readonly objects: ObjectReader
}

export interface Stacks {
  readonly operations: StackOperations
  readonly changeSets: ChangeSets
  readonly targets: TargetContext
  readonly store: EngineContext['store']
  readonly reconcilers: readonly Reconciler[]
}

/** Stacks worked on at the same time; each has its own bound of resource operations. */
const stacksAtOnceMax = 50
/** Changes wake the reconciler; the period only finds what a wake-up was lost for. */
const periodMilliseconds = 30_000

/** The engine under CloudFormation. A saga per stack, in its records: whoever holds the lease carries it on. */
export function createStacks(context: EngineContext, deps: StackDeps): Stacks {
  const templates = new TemplateCache()
  const typeOf = (name: string): ResourceType | undefined =>
    deps.types().find((type) => type.name === name)
  const targets: TargetContext = { typeOf, lookups: deps.lookups, objects: deps.objects, templates }
  const operations = new StackOperations(context, targets)
  return {
    operations,
    changeSets: new ChangeSets(context, operations),
    targets,
    store: context.store,
    reconcilers: [stackReconciler(context, targets)],
  }
}

function stackReconciler(context: EngineContext, targets: TargetContext): Reconciler {
  const { store, clock } = context
  return {
    name: 'stacks/operations',
    periodMilliseconds,
    concurrencyMax: stacksAtOnceMax,
    async keys() {
      const all = await store.listAll(stacks)
      const busy = all.filter(({ value }) => phaseOf(value.status))
      return busy.map(({ scope, id }) => keyOf(scope, id))
    },
    wakes: [{ kind: stacks, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
    async reconcile(key, signal) {
      const { scope, id } = openKey(key)
      const stack = await store.find(stacks, scope, id)
      if (!stack || !phaseOf(stack.value.status)) return undefined
      const resources = await store.list(stackResources, scope, { owner: id })
      const journal = new StackJournal({ store, now: () => clock.now() }, stack, resources)
      const run = new StackRun({
        clock,
        scope,
        journal,
        typeOf: targets.typeOf,
        stopping: signal,
        modelOf: (record) => modelOf(context, targets, { ...record, scope }),
      })
      const unwatch = store.watch(stacks, (changes) => {
        if (changes.some((change) => change.id === id)) run.poke()
      })
      try {
        await run.run()
      } finally {
        unwatch()
      }
      return undefined
    },
  }
}

type Identity = ConstructorParameters<typeof StackModel>[1] &
  Pick<StackJournal['stack'], 'target' | 'status'>

/** A stack that goes needs no template: what it made is in its records. */
async function modelOf(
  context: EngineContext,
  targets: TargetContext,
  stack: Identity,
): Promise<StackModel> {
  const { templateId } = stack.target
  const isNeeded = phaseOf(stack.status) !== 'remove'
  const body = isNeeded ? await templateBody(context.store, stack.scope, templateId) : undefined
  const template = body === undefined ? noTemplate : targets.templates.read(body)
  return new StackModel(template, stack, stack.target)
}
