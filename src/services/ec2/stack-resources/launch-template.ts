import type { RequestLaunchTemplateData, TagSpecification } from '@aws-sdk/client-ec2'
import type { LaunchSettings } from '../../../compute/launch-templates.ts'
import type { LaunchTemplate } from '../../../compute/launch-templates.ts'
import { globalArnOf } from '../../../kernel/arn.ts'
import type { Properties, ResourceState } from '../../../stacks/resource-type.ts'
import { firstRefused } from '../../../wire/accept.ts'
import { unsupportedMember } from '../errors.ts'
import { launchDataProperties } from '../launch-properties.ts'
import { settingsInTemplate, settingsOf } from '../launch-settings.ts'
import { tagsFor, unlessThere } from '../input.ts'
import {
  derivedId,
  listOf,
  removeWhenFree,
  tagProperties,
  textOf,
  type Ec2ResourceType,
} from '../stack-call.ts'

const name = 'AWS::EC2::LaunchTemplate'

export const launchTemplateType: Ec2ResourceType = {
  name,
  properties: {
    LaunchTemplateName: 'string',
    VersionDescription: 'string',
    LaunchTemplateData: launchDataProperties,
    TagSpecifications: { ResourceType: 'string', Tags: tagProperties },
  },
  required: ['LaunchTemplateData'],
  attributes: ['LaunchTemplateId', 'LatestVersionNumber', 'DefaultVersionNumber'],
  replaceOn: ['LaunchTemplateName'],
  async create(properties, context, { compute }) {
    const { scope } = context
    const launchTemplateId = derivedId('lt', context)
    const own = listOf<TagSpecification>(properties, 'TagSpecifications')
    const description = textOf(properties, 'VersionDescription')
    const settings = settingsIn(properties)
    const templates = compute.launchTemplates
    await unlessThere(async () => {
      const known = await templates.find(scope, { launchTemplateId })
      if (known) return
      await templates.create(scope, {
        launchTemplateId,
        name: textOf(properties, 'LaunchTemplateName') ?? context.physicalName(128),
        createdBy: globalArnOf('iam', scope, 'root'),
        ...(description !== undefined && { description }),
        settings,
        tags: [...tagsFor('launch-template', own), ...context.tags],
      })
    })
    await context.started(launchTemplateId)
    return stateOf(await templates.require(scope, { launchTemplateId }))
  },
  async update({ physicalId, after }, context, { compute }) {
    const { scope } = context
    const templates = compute.launchTemplates
    const ref = { launchTemplateId: physicalId }
    const settings = settingsIn(after)
    const latest = await templates.settings(scope, { ...ref, version: '$Latest' })
    // A second attempt finds the version that the first one made.
    if (JSON.stringify(latest.version.settings) !== JSON.stringify(settings)) {
      const description = textOf(after, 'VersionDescription')
      await templates.addVersion(scope, ref, {
        createdBy: globalArnOf('iam', scope, 'root'),
        ...(description !== undefined && { description }),
        settings,
      })
    }
    return stateOf(await templates.require(scope, ref))
  },
  async remove({ physicalId }, context, { compute }) {
    await removeWhenFree(physicalId, context, () =>
      compute.launchTemplates.remove(context.scope, { launchTemplateId: physicalId }),
    )
  },
}

function settingsIn(properties: Properties): LaunchSettings {
  const content = (properties['LaunchTemplateData'] ?? {}) as RequestLaunchTemplateData
  const refused = firstRefused(content, settingsInTemplate)
  if (refused !== undefined) throw unsupportedMember(`LaunchTemplateData.${refused}`, name)
  return settingsOf(content)
}

/** The default version is what Ref and ASGs without a version mean; CloudFormation leaves it at the first. */
function stateOf(template: LaunchTemplate): ResourceState {
  return {
    physicalId: template.launchTemplateId,
    attributes: {
      LaunchTemplateId: template.launchTemplateId,
      LatestVersionNumber: String(template.latestVersion),
      DefaultVersionNumber: String(template.defaultVersion),
    },
  }
}
