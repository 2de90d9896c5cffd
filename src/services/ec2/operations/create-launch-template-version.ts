import { overlaid } from '../launch.ts'
import { settingsInTemplate } from '../launch-settings.ts'
import { required, tagsOf } from '../input.ts'
import { settingsOf } from '../launch-settings.ts'
import { versionView, templateRefOf } from '../template-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const createLaunchTemplateVersion: Ec2Operation<'CreateLaunchTemplateVersion'> = {
  accepts: {
    LaunchTemplateId: true,
    LaunchTemplateName: true,
    ClientToken: true,
    SourceVersion: true,
    VersionDescription: true,
    LaunchTemplateData: settingsInTemplate,
  },
  async handle(input, { scope, principal }, { compute }) {
    const ref = templateRefOf(input)
    for (const { Tags } of input.LaunchTemplateData?.TagSpecifications ?? []) tagsOf(Tags)
    const own = settingsOf(required(input.LaunchTemplateData, 'LaunchTemplateData'))
    const version = input.SourceVersion
    const source = version && (await compute.launchTemplates.settings(scope, { ...ref, version }))
    const made = await compute.launchTemplates.addVersion(scope, ref, {
      createdBy: principal.arn,
      settings: source ? overlaid(source.version.settings, own) : own,
      ...(input.ClientToken && { clientToken: input.ClientToken }),
      ...(input.VersionDescription && { description: input.VersionDescription }),
    })
    return { LaunchTemplateVersion: versionView(made.template, made.version) }
  },
}
