import type { Tag } from '../../kernel/tags.ts'
import { withTags } from '../../kernel/tags.ts'
import type { Properties, ResourceContext } from '../../stacks/resource-type.ts'
import { firstRefused } from '../../wire/accept.ts'
import type { OperationDefinition, Request } from '../../wire/service.ts'
import type { Elbv2Deps } from './deps.ts'
import { unsupportedMember } from './errors.ts'

export interface StackCall {
  readonly context: ResourceContext
  readonly deps: Elbv2Deps
}

/** Calls an operation of this service for a template: held to the same members and errors as a caller of the API. */
export async function callOperation<Input, Output>(
  operation: OperationDefinition<Input, Output, Elbv2Deps>,
  name: string,
  input: Input,
  { context, deps }: StackCall,
): Promise<Output> {
  const refused = firstRefused(input, operation.accepts)
  if (refused !== undefined) throw unsupportedMember(refused, name)
  return operation.handle(input, requestOf(context, name), deps)
}

function requestOf(context: ResourceContext, operation: string): Request {
  const { scope } = context
  return {
    id: context.token,
    scope,
    principal: {
      arn: `arn:aws:iam::${scope.account}:root`,
      account: scope.account,
      userId: scope.account,
      accessKeyId: undefined,
    },
    protocol: 'awsQuery',
    service: 'elbv2',
    operation,
    headers: {},
    host: 'cloudformation',
    clientAddress: 'cloudformation',
    signal: context.signal,
    setStatus: () => undefined,
    setHeader: () => undefined,
  }
}

export const tagProperties = { Key: 'string', Value: 'string' } as const

/** The template's tags over the stack's. */
export function stackTags(properties: Properties, context: ResourceContext): Tag[] {
  const own = (properties['Tags'] ?? []) as readonly Tag[]
  return [...withTags(context.tags, own)]
}

/** Whether an earlier attempt at this same resource made what has these tags. */
export function isOurs(tags: readonly Tag[], context: ResourceContext): boolean {
  const value = (key: string): string | undefined => tags.find((tag) => tag.Key === key)?.Value
  return (
    value('aws:cloudformation:stack-id') === context.stackId &&
    value('aws:cloudformation:logical-id') === context.logicalId
  )
}

/** The properties named, as an operation's input takes them. */
export function pick(properties: Properties, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  )
}
