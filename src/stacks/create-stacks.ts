import type { Scope } from '../kernel/scope.ts'
import type { ObjectReader } from '../objects/objects.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { ChangeSets } from './change-sets.ts'
import { CustomRequests } from './custom-requests.ts'
import { DriftDetections } from './drift.ts'
import { noTemplate } from './domain/template.ts'
import { forgetStacks } from './forget-stacks.ts'
import { notificationsReconciler } from './tell-events.ts'
import type { AlarmStates } from './stack-run.ts'
import type { Notifier } from './notifier.ts'
import type { ParameterLookups } from './parameter-lookups.ts'
import type { TargetContext } from './prepare-target.ts'
import type { ResourceType } from './resource-type.ts'
import { ResourceRequests } from './resource-requests.ts'
import { RollbackOperations } from './rollback-operations.ts'
import { Signals, signalSource } from './signals.ts'
import { StackJournal } from './stack-journal.ts'
import { StackModel } from './stack-model.ts'
import { StackOperations } from './stack-operations.ts'
import { templateBody } from './stack-reader.ts'
import { stackResources, stacks, type StackRecord } from './stack-records.ts'
import { StackRun } from './stack-run.ts'
import { phaseOf } from './stack-status.ts'
import { TemplateCache } from './template-cache.ts'

/** What stacks are made of. `types` is asked each time: services are made after this engine. */
export interface StackDeps {
  readonly types: () => readonly ResourceType[]
  readonly lookups: ParameterLookups
  readonly objects: ObjectReader
  /** Without it nobody is told, and there are no custom resources. */
  readonly notifier?: Notifier
  /** Without it no alarm rolls a stack back. */
  readonly alarms?: AlarmStates
}

export interface Stacks {
  readonly operations: StackOperations
  readonly changeSets: ChangeSets
  readonly rollbacks: RollbackOperations
  readonly signals: Signals
  readonly drifts: DriftDetections
  readonly requests: ResourceRequests
  readonly types: StackDeps['types']
  readonly customRequests: CustomRequests
  readonly notifier: Notifier | undefined
  readonly targets: TargetContext
  readonly store: EngineContext['store']
  readonly reconcilers: readonly Reconciler[]
}

/** Stacks worked on at the same time; each has its own bound of resource operations. */
const stacksAtOnceMax = 50
/** A nested stack waits for its own nested ones: fewer places than stacks (AWS's quota) could all be taken by those that wait. */
const nestedAtOnceMax = 2000
/** Changes wake the reconciler; the period only finds what a wake-up was lost for. */
const periodMilliseconds = 30_000

/** The engine under CloudFormation. A saga per stack, in its records: whoever holds the lease carries it on. */
export function createStacks(context: EngineContext, deps: StackDeps): Stacks {
  const templates = new TemplateCache(context.clock)
  const typeOf = (name: string): ResourceType | undefined => typeNamed(deps.types(), name)
  const { lookups, objects } = deps
  const targets: TargetContext = {
    typeOf,
    lookups,
    objects,
    templates,
    records: context.store,
    notifier: deps.notifier,
    alarms: deps.alarms,
  }
  const operations = new StackOperations(context, targets)
  const drifts = new DriftDetections(context, typeOf)
  const requests = new ResourceRequests(context, typeOf)
  return {
    operations,
    changeSets: new ChangeSets(context, operations, typeOf),
    rollbacks: new RollbackOperations(context, operations),
    signals: new Signals(context),
    drifts,
    requests,
    types: deps.types,
    customRequests: new CustomRequests(context),
    notifier: deps.notifier,
    targets,
    store: context.store,
    reconcilers: [
      stackReconciler(context, targets, {
        name: 'stacks/operations',
        concurrencyMax: stacksAtOnceMax,
        isOurs: ({ parent }) => !parent,
      }),
      stackReconciler(context, targets, {
        name: 'stacks/nested',
        concurrencyMax: nestedAtOnceMax,
        isOurs: ({ parent }) => parent !== undefined,
      }),
      forgetStacks(context),
      drifts.reconciler,
      requests.reconciler,
      ...(deps.notifier ? [notificationsReconciler(context, deps.notifier)] : []),
    ],
  }
}

/** `Custom::Thing` is a custom resource with a name of its own. */
function typeNamed(types: readonly ResourceType[], name: string): ResourceType | undefined {
  const isCustom = /^Custom::[A-Za-z0-9_@-]{1,60}$/.test(name)
  const found = types.find((type) => type.name === (isCustom ? customResource : name))
  return found && isCustom ? { ...found, name } : found
}

const customResource = 'AWS::CloudFormation::CustomResource'

function importOf({ target }: StackRecord, name: string): string | undefined {
  const { imports = {} } = target
  return Object.hasOwn(imports, name) ? imports[name] : undefined
}

function stackReconciler(
  context: EngineContext,
  targets: TargetContext,
  share: {
    readonly name: string
    readonly concurrencyMax: number
    readonly isOurs: (stack: StackRecord) => boolean
  },
): Reconciler {
  const { store, clock } = context
  const { name, concurrencyMax, isOurs } = share
  return {
    name,
    periodMilliseconds,
    concurrencyMax,
    async keys() {
      const all = await store.listAll(stacks)
      const busy = all.filter(({ value }) => phaseOf(value.status) && isOurs(value))
      return busy.map(({ scope, id }) => keyOf(scope, id))
    },
    wakes: [{ kind: stacks, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
    async reconcile(key, signal) {
      const { scope, id } = openKey(key)
      const stack = await store.find(stacks, scope, id)
      if (!stack || !phaseOf(stack.value.status) || !isOurs(stack.value)) return undefined
      const resources = await store.list(stackResources, scope, { owner: id })
      const journal = new StackJournal({ store, now: () => clock.now() }, stack, resources)
      const run = new StackRun({
        clock,
        scope,
        journal,
        typeOf: targets.typeOf,
        signals: signalSource(store, scope),
        alarms: targets.alarms,
        dynamic: targets.lookups.dynamic?.bind(targets.lookups),
        stopping: signal,
        modelOf: modelsOf(context, targets, scope),
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

/** The models of one activation: a stack has two at most, of what it is to be and of what it goes back to. */
function modelsOf(
  context: EngineContext,
  targets: TargetContext,
  scope: Scope,
): (stack: StackRecord) => Promise<StackModel> {
  const models = new Map<string, StackModel>()
  return async (stack) => {
    // A stack that goes needs no template: what it made is in its records.
    const isNeeded = phaseOf(stack.status) !== 'remove'
    const templateId = isNeeded ? stack.target.templateId : ''
    const known = models.get(templateId)
    if (known) return known
    const body = isNeeded ? await templateBody(context.store, scope, templateId) : undefined
    if (body !== undefined) await targets.templates.load(body)
    const { zones, resolved, notificationArns = [] } = stack.target
    const parameters = { ...stack.target.parameters, ...resolved }
    const template = body === undefined ? noTemplate : targets.templates.read(body, parameters)
    const model = new StackModel(
      template,
      { ...stack, scope },
      { parameters, zones, notificationArns },
      (name) => importOf(stack, name),
    )
    models.set(templateId, model)
    return model
  }
}
