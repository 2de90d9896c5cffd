import type { ResourceType } from '../../../stacks/resource-type.ts'

/** `AWS::CDK::Metadata`: what CDK writes into templates about itself. It makes nothing, on AWS too. */
export function cdkMetadataType(): ResourceType {
  return {
    name: 'AWS::CDK::Metadata',
    properties: { Analytics: 'string' },
    required: [],
    attributes: [],
    replaceOn: [],
    create: async (_properties, context) => stateOf(context.physicalName(128)),
    update: async ({ physicalId }) => stateOf(physicalId),
    remove: async () => undefined,
  }
}

function stateOf(physicalId: string): Awaited<ReturnType<ResourceType['create']>> {
  return { physicalId, attributes: {} }
}
