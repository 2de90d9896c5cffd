import type { ResourceType } from '../../../stacks/resource-type.ts'
import { handleTokenOf, handleUrl } from '../../../stacks/handle-url.ts'
import type { CloudFormationTypeDeps } from '../cloudformation-operation.ts'

/** AWS::CloudFormation::WaitConditionHandle: an address that anything inside a machine may PUT its signal to. */
export function waitConditionHandleType({
  stacks,
  insideEndpoint,
}: CloudFormationTypeDeps): ResourceType {
  return {
    name: 'AWS::CloudFormation::WaitConditionHandle',
    properties: {},
    required: [],
    attributes: [],
    replaceOn: [],
    async create(_properties, context) {
      const { scope, token, stackId, logicalId } = context
      const secret = await stacks.signals.openHandle(scope, token)
      const physicalId = handleUrl(insideEndpoint, { stackId, logicalId, token, secret })
      await context.started(physicalId)
      return { physicalId, attributes: {} }
    },
    async update({ physicalId }) {
      return { physicalId, attributes: {} }
    },
    async remove({ physicalId }, { scope }) {
      const token = handleTokenOf(physicalId)
      if (token !== undefined) await stacks.signals.closeHandle(scope, token)
    },
  }
}
