import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { ObjectReader } from '../objects/objects.ts'
import type { Records } from '../store/records.ts'
import { capabilitiesOf, checkResourceTypes } from './domain/check-resource-types.ts'
import { evaluate, pending } from './domain/evaluate.ts'
import { walk, type Expression } from './domain/expression.ts'
import {
  lookupsOf,
  resolveParameters,
  storedIn,
  type GivenParameter,
} from './domain/resolve-parameters.ts'
import { triggersProblem, type RollbackTriggers } from './domain/rollback-triggers.ts'
import { located, problem } from './domain/template-problem.ts'
import { expressionsOf, type Template } from './domain/template.ts'
import { readImports } from './exports.ts'
import { matchesPattern } from './matches-pattern.ts'
import type { Notifier } from './notifier.ts'
import type { ParameterLookups } from './parameter-lookups.ts'
import { readBody, type TemplateSource } from './read-body.ts'
import type { ResourceType } from './resource-type.ts'
import { StackModel, type ModelTarget } from './stack-model.ts'
import type { AlarmStates } from './stack-run.ts'
import type { StackRecord, StackTarget } from './stack-records.ts'
import { invalid, StackRefusal } from './stack-refusal.ts'
import type { TemplateCache } from './template-cache.ts'

/** What targets are prepared with. */
export interface TargetContext {
  readonly typeOf: (name: string) => ResourceType | undefined
  readonly lookups: ParameterLookups
  readonly objects: ObjectReader
  readonly templates: TemplateCache
  readonly records: Records
  readonly notifier?: Notifier | undefined
  readonly alarms?: AlarmStates | undefined
}

export interface TargetRequest {
  readonly source: TemplateSource
  readonly parameters: readonly GivenParameter[]
  /** Undefined keeps those that the stack has. */
  readonly tags: readonly Tag[] | undefined
  readonly capabilities: readonly string[]
  /** Undefined keeps the one that the stack has. */
  readonly roleArn?: string | undefined
  /** Undefined keeps those that the stack has. */
  readonly notificationArns?: readonly string[] | undefined
  readonly rollback?: RollbackTriggers | undefined
}

export interface PreparedTarget {
  readonly body: string
  readonly model: StackModel
  readonly target: Omit<StackTarget, 'templateId'>
  /** The stack's template as it was. */
  readonly previous?: Template
}

type Identity = Pick<StackRecord, 'stackId' | 'name'> & { readonly scope: Scope }

/**
 * Everything that can be said of a request before a stack is touched: the template reads, its parameters are allowed, its types are
 * served here, every function has a value. Throws a `TemplateProblem` or a `StackRefusal`.
 */
export async function prepareTarget(
  context: TargetContext,
  stack: Identity,
  request: TargetRequest,
  previous?: { readonly target: StackTarget; readonly body: string },
): Promise<PreparedTarget> {
  const body = await bodyOf(context, stack.scope, request.source, previous?.body)
  await context.templates.load(body)
  if (previous) await context.templates.load(previous.body)
  const parameters = resolveParameters(
    context.templates.declared(body),
    request.parameters,
    previous?.target.parameters ?? {},
    matchesPattern,
  )
  const pendingParameters = new Set(
    request.parameters.filter(({ isPending }) => isPending).map(({ name }) => name),
  )
  const known = without(parameters, pendingParameters)
  const resolved = await storedValues(context, stack.scope, body, known)
  const values = { ...parameters, ...resolved }
  const watchers = await watchersOf(context, stack.scope, request, previous?.target)
  const { notificationArns = [] } = watchers
  const template = context.templates.read(body, values)
  const { model, zones, imports } = await modelOf(context, stack, template, {
    parameters: values,
    pendingParameters,
    notificationArns,
  })
  checkCapabilities(context, model, request.capabilities)
  const roleArn = request.roleArn ?? previous?.target.roleArn
  const before = previous && { ...previous.target.parameters, ...previous.target.resolved }
  return {
    body,
    model,
    ...(previous && before ? { previous: context.templates.read(previous.body, before) } : {}),
    target: {
      ...(template.description === undefined ? {} : { description: template.description }),
      parameters,
      ...(Object.keys(resolved).length === 0 ? {} : { resolved }),
      hidden: hiddenIn(template),
      zones,
      ...(Object.keys(imports).length === 0 ? {} : { imports }),
      endpointHost: request.source.endpointHost,
      tags: checkedTags(request.tags ?? previous?.target.tags ?? []),
      capabilities: request.capabilities,
      ...(roleArn === undefined ? {} : { roleArn }),
      ...watchers,
    },
  }
}

type Given = Pick<StackTarget, 'parameters' | 'notificationArns'> & {
  readonly pendingParameters: ReadonlySet<string>
}

function without(
  parameters: Readonly<Record<string, string>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.has(name)))
}

/** The template with its values, all of which can be told. Throws a `TemplateProblem` that names its place. */
async function modelOf(
  context: TargetContext,
  stack: Identity,
  template: Template,
  given: Given,
): Promise<Pick<StackTarget, 'zones'> & { model: StackModel; imports: Record<string, string> }> {
  const { parameters, pendingParameters } = given
  try {
    const known = without(parameters, pendingParameters)
    await checkExistence(context.lookups, stack.scope, template, known)
    const zones = await zonesFor(context.lookups, stack, template, given)
    const imports = await importsFor(context, stack, template, { ...given, zones })
    const model = new StackModel(template, stack, { ...given, zones }, (name) =>
      Object.hasOwn(imports, name) ? imports[name] : undefined,
    )
    if (pendingParameters.size === 0) model.checkRules()
    checkResourceTypes(template, model.included, context.typeOf)
    checkValues(context, model)
    return { model, zones, imports }
  } catch (thrown) {
    throw located(thrown, template.source)
  }
}

/** Who is told of the stack, and what it is rolled back for. */
async function watchersOf(
  { notifier, alarms }: TargetContext,
  scope: Scope,
  request: TargetRequest,
  previous: StackTarget | undefined,
): Promise<Pick<StackTarget, 'notificationArns' | 'rollback'>> {
  const notificationArns = request.notificationArns ?? previous?.notificationArns ?? []
  const rollback = request.rollback ?? previous?.rollback
  const wrong = rollback && triggersProblem(rollback)
  if (wrong !== undefined) throw invalid(wrong)
  if (notificationArns.length > topicsMax) {
    throw invalid(`At most ${topicsMax} NotificationARNs are allowed`)
  }
  if (request.rollback && request.rollback.alarmArns.length > 0 && !alarms) {
    throw invalid('Rollback triggers are not supported here')
  }
  for (const arn of request.notificationArns ?? []) {
    const refusal = notifier ? await notifier.refusal(scope, arn) : 'topics are not supported here'
    if (refusal !== undefined) throw invalid(`Invalid NotificationARNs: ${refusal}`)
  }
  return {
    ...(notificationArns.length === 0 ? {} : { notificationArns }),
    ...(rollback === undefined ? {} : { rollback }),
  }
}

/** AWS's quota. */
const topicsMax = 5

async function bodyOf(
  context: TargetContext,
  scope: Scope,
  source: TemplateSource,
  previous: string | undefined,
): Promise<string> {
  if (!source.usePrevious) return readBody(context.objects, scope, source)
  if (previous === undefined) {
    throw invalid('UsePreviousTemplate is only for a stack that has a template already.')
  }
  return previous
}

/** The stored values that parameters of SSM types stand for; read again by every operation, as on AWS. */
async function storedValues(
  { lookups, templates }: TargetContext,
  scope: Scope,
  body: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const resolved: Record<string, string> = {}
  for (const { name, selector, isValue } of storedIn(templates.declared(body), parameters)) {
    const value = await lookups.stored?.(scope, selector)
    if (value === undefined) {
      throw problem(
        `Unable to fetch parameters [${selector}] from parameter store for this account.`,
      )
    }
    if (isValue) resolved[name] = value
  }
  return resolved
}

async function checkExistence(
  lookups: ParameterLookups,
  scope: Scope,
  template: Template,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  for (const { name, type, value } of lookupsOf(template, parameters)) {
    const exists = await lookups.exists(scope, type, value)
    if (exists === undefined) {
      throw problem(
        `Template format error: parameter type ${type} of ${name} is not supported here`,
      )
    }
    if (!exists) {
      throw problem(
        `Parameter validation failed: parameter value ${value} for parameter name ${name} does not exist`,
      )
    }
  }
}

/** The zones of every region that a `Fn::GetAZs` of the template names. */
async function zonesFor(
  lookups: ParameterLookups,
  stack: Identity,
  template: Template,
  given: Given,
): Promise<StackTarget['zones']> {
  const regions = new Set<string>()
  const unknown = { ...given, zones: {} }
  const environment = new StackModel(template, stack, unknown, () => pending).environment()
  for (const expression of expressionsIn(template)) {
    for (const inner of walk(expression)) {
      if (inner.kind !== 'call' || inner.name !== 'Fn::GetAZs') continue
      const [operand] = inner.operands
      const region = operand ? evaluate(operand, environment) : ''
      if (region === pending) continue
      if (typeof region !== 'string') {
        throw problem('Template error: Fn::GetAZs must be given the name of a region', inner.at)
      }
      regions.add(region === '' ? stack.scope.region : region)
    }
  }
  const zones: Record<string, readonly string[]> = {}
  for (const region of regions) {
    zones[region] = await lookups.zones({ account: stack.scope.account, region })
  }
  return zones
}

/** The values of all exports that the included resources and outputs name, which may take functions to know. */
async function importsFor(
  context: TargetContext,
  stack: Identity,
  template: Template,
  values: ModelTarget,
): Promise<Readonly<Record<string, string>>> {
  const names = new Set<string>()
  const model = new StackModel(template, stack, values, (name) => {
    names.add(name)
    return pending
  })
  checkValues(context, model)
  const imports = await readImports(context.records, stack.scope, names)
  const missing = [...names].find((name) => !Object.hasOwn(imports, name))
  if (missing !== undefined) throw problem(`No export named ${missing} found`)
  return imports
}

function expressionsIn(template: Template): readonly Expression[] {
  return [
    ...template.conditions.values(),
    ...[...template.resources.values()].flatMap(expressionsOf),
    ...[...template.outputs.values()].map(({ value }) => value),
  ]
}

/** Computes everything with its resources pending, so that what has no value is found before anything is made. */
function checkValues(context: TargetContext, model: StackModel): void {
  const environment = model.environment()
  for (const logicalId of model.included) {
    const type = context.typeOf(model.template.resources.get(logicalId)?.type ?? '')
    if (type) model.properties(logicalId, type, environment)
    if (type) model.policies(logicalId, type, environment)
    model.metadata(logicalId, environment)
  }
  model.outputs(environment)
}

function checkCapabilities(
  context: TargetContext,
  model: StackModel,
  given: readonly string[],
): void {
  const { capabilities } = capabilitiesOf(model.template, model.included, context.typeOf)
  const isGiven = (capability: string): boolean =>
    given.includes(capability) ||
    (capability === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM'))
  const missing = capabilities.filter((capability) => !isGiven(capability))
  if (missing.length === 0) return
  throw new StackRefusal(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${missing.join(', ')}]`,
  )
}

function hiddenIn(template: Template): readonly string[] {
  return [...template.parameters.values()].filter(({ noEcho }) => noEcho).map(({ name }) => name)
}

/** AWS's quota of tags on a stack. */
const tagsMax = 50

function checkedTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > tagsMax) throw invalid(`Too many tags: ${tags.length}, ${tagsMax} at most`)
  const reserved = tags.find(({ Key }) => Key.toLowerCase().startsWith('aws:'))
  if (reserved) throw invalid(`Tag key ${reserved.Key} must not begin with aws:`)
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}
