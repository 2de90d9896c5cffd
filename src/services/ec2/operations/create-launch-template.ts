import { settingsInTemplate } from '../launch-settings.ts'
import { resourceId } from '../../../kernel/random.ts'
import { idOfToken, required, tagsFor, tagsOf, tagSpecifications } from '../input.ts'
import { malformedTemplateName } from '../errors.ts'
import { settingsOf } from '../launch-settings.ts'
import { templateView } from '../template-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const createLaunchTemplate: Ec2Operation<'CreateLaunchTemplate'> = {
  accepts: {
    LaunchTemplateName: true,
    VersionDescription: true,
    ClientToken: true,
    LaunchTemplateData: settingsInTemplate,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope, principal }, { compute, random }) {
    const { ClientToken: token } = input
    const name = required(input.LaunchTemplateName, 'LaunchTemplateName')
    if (!/^[\w().\-/]{3,128}$/.test(name)) throw malformedTemplateName(name)
    for (const { Tags } of input.LaunchTemplateData?.TagSpecifications ?? []) tagsOf(Tags)
    const launchTemplateId = token ? idOfToken('lt', token) : resourceId(random, 'lt')
    const earlier = token && (await compute.launchTemplates.find(scope, { launchTemplateId }))
    if (earlier) return { LaunchTemplate: templateView(earlier) }
    const template = await compute.launchTemplates.create(scope, {
      launchTemplateId,
      name,
      createdBy: principal.arn,
      settings: settingsOf(required(input.LaunchTemplateData, 'LaunchTemplateData')),
      ...(input.VersionDescription && { description: input.VersionDescription }),
      tags: tagsFor('launch-template', input.TagSpecifications),
    })
    return { LaunchTemplate: templateView(template) }
  },
}
