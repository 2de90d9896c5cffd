import type { Scope } from '../../../kernel/scope.ts'
import type { Tag } from '../../../kernel/tags.ts'
import { pendingText } from '../../../stacks/change-details.ts'
import type { GivenParameter } from '../../../stacks/domain/resolve-parameters.ts'
import type {
  OuterTarget,
  Properties,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import { findStack, templateBody } from '../../../stacks/stack-reader.ts'
import type { StackRecord } from '../../../stacks/stack-records.ts'
import { isNoUpdates } from '../../../stacks/stack-refusal.ts'
import type { CloudFormationTypeDeps } from '../cloudformation-operation.ts'
import { embeddedStackFailed, validationError } from '../errors.ts'

interface StackProperties {
  readonly TemplateURL: string
  readonly Parameters?: Readonly<Record<string, unknown>>
  readonly TimeoutInMinutes?: number
  readonly Tags?: readonly Tag[]
}

/** A nested stack has the timeout of its template's author; this only ends a wait that nobody would end. */
const waitMilliseconds = 7 * 24 * 3_600_000

/** AWS::CloudFormation::Stack: a stack as a resource of another one. */
export function stackType(deps: CloudFormationTypeDeps): ResourceType {
  const { operations } = deps.stacks
  return {
    name: 'AWS::CloudFormation::Stack',
    properties: {
      TemplateURL: 'string',
      Parameters: true,
      TimeoutInMinutes: 'number',
      Tags: { Key: 'string', Value: 'string' },
    },
    required: ['TemplateURL'],
    attributes: ['Outputs.*'],
    replaceOn: [],
    alwaysUpdates: true,
    nests: requestOf,
    async create(properties, context) {
      const outer = await outerStack(deps, context)
      const { TimeoutInMinutes: timeoutMinutes } = properties as Partial<StackProperties>
      const stack = await operations.create(context.scope, {
        name: context.physicalName(128),
        ...(await shownRequest(deps, properties, context, outer)),
        onFailure: 'DO_NOTHING',
        timeoutMinutes,
        isProtected: false,
        token: context.token,
        parent: { stackId: outer.stackId, rootId: outer.parent?.rootId ?? outer.stackId },
      })
      await context.started(stack.stackId)
      return settled(deps, stack.stackId, context)
    },
    async update({ physicalId, after, undoes }, context) {
      const outer = await outerStack(deps, context)
      const before = await atRest(deps, physicalId, context)
      if (before.token?.value !== context.token) {
        const request =
          undoes === undefined
            ? await shownRequest(deps, after, context, outer)
            : await earlierRequest(deps, context.scope, before, undoes)
        if (request) await updated(deps, physicalId, context, request)
      }
      return settled(deps, physicalId, context)
    },
    async remove({ physicalId }, context) {
      const { scope } = context
      const found = await findStack(deps.stacks.store, scope, physicalId)
      if (!found) return
      if (found.value.status.startsWith('UPDATE')) await atRest(deps, physicalId, context)
      await operations.remove(scope, { nameOrId: physicalId, retain: [], token: context.token })
      await deps.stacks.changeSets.forgetReviewed(scope, found.value.uuid)
      const gone = await atRest(deps, physicalId, context)
      if (gone.status !== 'DELETE_COMPLETE') throw embeddedStackFailed(gone, 'deleted')
    },
  }
}

/** What the outer stack makes its nested ones with. */
async function outerStack(
  deps: CloudFormationTypeDeps,
  context: ResourceContext,
): Promise<StackRecord> {
  const found = await findStack(deps.stacks.store, context.scope, context.stackId)
  if (!found) throw validationError(`Stack ${context.stackId} does not exist`)
  return found.value
}

type Request = Parameters<CloudFormationTypeDeps['stacks']['operations']['prepare']>[2]

/** What a change set showed of the stack is what is asked now, with the values that are known by now. */
async function shownRequest(
  deps: CloudFormationTypeDeps,
  properties: Properties,
  { scope, logicalId }: ResourceContext,
  outer: StackRecord,
): Promise<Request & { readonly changeSetId?: string }> {
  const request = requestOf(properties, outer.target)
  const shown = await deps.stacks.changeSets.shownOf(scope, outer, logicalId)
  const read = shown?.request.source.read
  if (!shown || read === undefined) return request
  const { endpointHost } = request.source
  return { ...request, source: { read, endpointHost }, changeSetId: shown.changeSetId }
}

function requestOf(properties: Properties, outer: OuterTarget): Request {
  const given = properties as Partial<StackProperties>
  const own = (given.Tags ?? []).map(({ Key, Value }) => ({ Key, Value: textOf(Value) }))
  const inherited = outer.tags.filter(({ Key }) => !own.some((tag) => tag.Key === Key))
  return {
    source: { url: textOf(given.TemplateURL), endpointHost: outer.endpointHost ?? '' },
    parameters: parametersOf(given.Parameters ?? {}),
    tags: [...inherited, ...own],
    capabilities: outer.capabilities,
  }
}

/** Lists are handed over as text with commas. */
function parametersOf(parameters: Readonly<Record<string, unknown>>): readonly GivenParameter[] {
  return Object.entries(parameters).map(([name, value]) => {
    const items = Array.isArray(value) ? value : [value]
    const isPending = items.some((item) => typeof item === 'symbol')
    const text = isPending ? pendingText : items.map(String).join(',')
    return { name, value: text, usePreviousValue: false, ...(isPending ? { isPending } : {}) }
  })
}

/** In a change set a value may not be known yet. */
function textOf(value: unknown): string {
  return typeof value === 'symbol' ? pendingText : String(value)
}

/** What a nested stack was before an update; undefined when it went back to it by itself, or never left it. */
async function earlierRequest(
  deps: CloudFormationTypeDeps,
  scope: Scope,
  stack: StackRecord,
  undoes: string,
): Promise<Request | undefined> {
  const { earlier, status, token } = stack
  if (!earlier || status !== 'UPDATE_COMPLETE' || token?.value !== undoes) return undefined
  const body = await templateBody(deps.stacks.store, scope, earlier.templateId)
  return {
    source: { read: body, endpointHost: earlier.endpointHost ?? '' },
    parameters: Object.entries(earlier.parameters).map(([name, value]) => ({
      name,
      value,
      usePreviousValue: false,
    })),
    tags: earlier.tags,
    capabilities: earlier.capabilities,
  }
}

async function updated(
  deps: CloudFormationTypeDeps,
  nameOrId: string,
  { scope, token }: ResourceContext,
  request: Request & { readonly changeSetId?: string },
): Promise<void> {
  try {
    await deps.stacks.operations.update(scope, { nameOrId, token, ...request })
  } catch (thrown) {
    if (!isNoUpdates(thrown)) throw thrown
  }
}

/** The nested stack when nothing works on it. */
function atRest(
  deps: CloudFormationTypeDeps,
  stackId: string,
  context: ResourceContext,
): Promise<StackRecord> {
  return context.until(`stack ${stackId} to come to rest`, waitMilliseconds, async () => {
    const found = await findStack(deps.stacks.store, context.scope, stackId)
    if (!found) throw validationError(`Stack ${stackId} does not exist`)
    return found.value.status.endsWith('_IN_PROGRESS') ? undefined : found.value
  })
}

async function settled(
  deps: CloudFormationTypeDeps,
  stackId: string,
  context: ResourceContext,
): Promise<ResourceState> {
  const stack = await atRest(deps, stackId, context)
  const isUp = stack.status === 'CREATE_COMPLETE' || stack.status === 'UPDATE_COMPLETE'
  const isBack = stack.status === 'UPDATE_ROLLBACK_COMPLETE' && context.token !== stack.token?.value
  if (!isUp && !isBack) {
    const verb = stack.status.startsWith('UPDATE') ? 'updated' : 'created'
    throw embeddedStackFailed(stack, verb)
  }
  const outputs = stack.outputs.map(({ name, value }) => [`Outputs.${name}`, value])
  return { physicalId: stackId, attributes: Object.fromEntries(outputs) as Record<string, string> }
}
