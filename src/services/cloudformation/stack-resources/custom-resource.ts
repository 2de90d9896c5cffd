import { parseArn } from '../../../kernel/arn.ts'
import { responseUrl } from '../../../stacks/custom-requests.ts'
import type { CustomResponse } from '../../../stacks/domain/read-response.ts'
import { findStack } from '../../../stacks/stack-reader.ts'
import { ReportedFailure } from '../../../stacks/resource-context.ts'
import type {
  Properties,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import type { CloudFormationTypeDeps } from '../cloudformation-operation.ts'
import { validationError } from '../errors.ts'

/** AWS's longest, which is the usual: an hour. */
const timeoutSecondsMax = 3600

const customResource = 'AWS::CloudFormation::CustomResource'

interface Ask {
  readonly type: 'Create' | 'Update' | 'Delete'
  readonly properties: Properties
  readonly physicalId?: string
  readonly before?: Properties
}

/**
 * AWS::CloudFormation::CustomResource and Custom::*: somebody who listens to a topic makes it, and answers at an address.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export function customResourceType({ stacks }: CloudFormationTypeDeps): ResourceType {
  return {
    name: customResource,
    properties: { ServiceToken: 'string', ServiceTimeout: 'number' },
    takesAnything: true,
    required: ['ServiceToken'],
    attributes: ['*'],
    replaceOn: [],
    replacesItself: true,
    problem: (properties) => problemOf(properties, stacks.notifier !== undefined),
    async create(properties, context) {
      try {
        const response = await ask(stacks, context, { type: 'Create', properties })
        const physicalId = response.physicalId ?? ''
        await context.started(physicalId)
        return stateOf(physicalId, response)
      } catch (thrown) {
        // Whatever became of it is to be deleted: its maker was asked to make it.
        if (thrown instanceof Unmade) await context.started(thrown.physicalId)
        throw thrown
      }
    },
    async update({ physicalId, before, after }, context) {
      if (before['ServiceToken'] !== after['ServiceToken']) {
        throw validationError('Modifying service token is not allowed.')
      }
      const response = await ask(stacks, context, {
        ...{ type: 'Update', properties: after },
        ...{ physicalId, before },
      })
      return stateOf(response.physicalId ?? physicalId, response)
    },
    async remove({ physicalId, properties }, context) {
      await ask(stacks, context, { type: 'Delete', properties, physicalId })
      await stacks.customRequests.close(context.scope, context)
    },
  }
}

/** It was asked for and did not come to be. */
class Unmade extends ReportedFailure {
  readonly physicalId: string

  constructor(message: string, physicalId: string) {
    super(message)
    this.physicalId = physicalId
  }
}

function stateOf(physicalId: string, { data, isHidden }: CustomResponse): ResourceState {
  return { physicalId, attributes: data, ...(isHidden ? { isHidden } : {}) }
}

function problemOf({ ServiceToken, ServiceTimeout }: Properties, hasTopics: boolean) {
  const seconds = Number(ServiceTimeout ?? timeoutSecondsMax)
  if (typeof ServiceTimeout !== 'symbol' && !(seconds >= 1 && seconds <= timeoutSecondsMax)) {
    return `#/ServiceTimeout: it is from 1 to ${timeoutSecondsMax} seconds`
  }
  if (typeof ServiceToken !== 'string') return undefined
  const service = parseArn(ServiceToken)?.service
  if (service === 'sns' && hasTopics) return undefined
  const found = service === undefined ? 'no ARN' : `of ${service}, which is not supported here`
  return `#/ServiceToken: it must be the ARN of an SNS topic: ${ServiceToken} is ${found}`
}

async function ask(
  { notifier, customRequests, store }: CloudFormationTypeDeps['stacks'],
  context: ResourceContext,
  asked: Ask,
): Promise<CustomResponse> {
  const { scope, stackId, logicalId } = context
  const request = await customRequests.open(scope, context, context.token)
  if (!request.isSent) {
    const stack = await findStack(store, scope, stackId)
    const host = stack?.value.target.endpointHost ?? ''
    const message = messageOf(context, asked, {
      requestId: request.requestId,
      url: responseUrl(host, context, request),
    })
    const topic = String(asked.properties['ServiceToken'])
    const subject = 'AWS CloudFormation custom resource request'
    await notifier?.publish(scope, topic, { subject, message })
    await customRequests.sent(scope, request.requestId)
  }
  const seconds = Number(asked.properties['ServiceTimeout'] ?? timeoutSecondsMax)
  const given = asked.physicalId ?? context.physicalName(nameLengthMax)
  try {
    const response = await context.until(
      `the maker of ${logicalId}`,
      (timeoutSecondsMax + graceSeconds) * 1000,
      () => customRequests.look(scope, request, seconds * 1000),
    )
    if (response === 'late') throw new Unmade(silentWords(request.requestId), given)
    return checked(asked, response, { requestId: request.requestId, given })
  } catch (thrown) {
    if (thrown instanceof Unmade) throw thrown
    throw new Unmade(thrown instanceof Error ? thrown.message : String(thrown), given)
  }
}

/** What our own limit is longer than the request's, which is counted from when it was made. */
const graceSeconds = 60
const nameLengthMax = 255

function checked(
  asked: Ask,
  response: CustomResponse,
  { requestId, given }: { readonly requestId: string; readonly given: string },
): CustomResponse {
  const physicalId = response.physicalId ?? given
  if (!response.isSuccess) {
    throw new Unmade(
      `Received response status [FAILED] from custom resource. Message returned: ${response.reason ?? ''} (RequestId: ${requestId})`,
      physicalId,
    )
  }
  if (response.physicalId === undefined && asked.type !== 'Delete') {
    throw new Unmade('Invalid PhysicalResourceId', given)
  }
  return response
}

function silentWords(requestId: string): string {
  return `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.`
}

function messageOf(
  { stackId, logicalId, customType = customResource }: ResourceContext,
  { type, properties, physicalId, before }: Ask,
  { requestId, url }: { readonly requestId: string; readonly url: string },
): string {
  return JSON.stringify({
    RequestType: type,
    ServiceToken: properties['ServiceToken'],
    ResponseURL: url,
    StackId: stackId,
    RequestId: requestId,
    LogicalResourceId: logicalId,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
    ResourceType: customType,
    ResourceProperties: asText(properties),
    ...(before === undefined ? {} : { OldResourceProperties: asText(before) }),
  })
}

/** AWS hands every number and truth value over as text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner)]))
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}
