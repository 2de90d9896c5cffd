import { handleTokenOf } from '../../../stacks/handle-url.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { validationError } from '../errors.ts'

/** AWS's longest, in seconds: twelve hours. */
const timeoutMax = 43_200

/** AWS::CloudFormation::WaitCondition: made when its handle, or it itself, was signalled as often as it says. */
export function waitConditionType(): ResourceType {
  return {
    name: 'AWS::CloudFormation::WaitCondition',
    properties: { Handle: 'string', Timeout: 'number', Count: 'number' },
    required: [],
    attributes: ['Data'],
    replaceOn: [],
    signalledBy: 'anything',
    awaits(properties) {
      const handle = handleTokenOf(textOf(properties['Handle']))
      if (handle === undefined) return undefined
      const timeout = Number(properties['Timeout'] ?? timeoutMax)
      return {
        handle,
        count: Number(properties['Count'] ?? 1),
        timeoutMilliseconds: Math.min(timeout, timeoutMax) * 1000,
      }
    },
    async create(properties, context) {
      check(properties)
      const physicalId = `${context.stackId}/${context.logicalId}`
      await context.started(physicalId)
      return { physicalId, attributes: {} }
    },
    // AWS: wait conditions cannot be updated; what they were signalled stays.
    async update({ physicalId }) {
      return { physicalId, attributes: {} }
    },
    async remove() {
      return undefined
    },
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Without a handle it is a CreationPolicy that says what is waited for. */
function check(properties: Properties): void {
  const { Handle, Timeout } = properties
  if (Handle === undefined) return
  if (handleTokenOf(textOf(Handle)) === undefined) {
    throw validationError('Handle must be the Ref of an AWS::CloudFormation::WaitConditionHandle')
  }
  const timeout = Number(Timeout)
  if (Timeout === undefined || timeout < 0 || timeout > timeoutMax) {
    throw validationError(`Timeout must be from 0 to ${timeoutMax} seconds`)
  }
}
