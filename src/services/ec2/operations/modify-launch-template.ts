import { required } from '../input.ts'
import { templateView, templateRefOf } from '../template-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const modifyLaunchTemplate: Ec2Operation<'ModifyLaunchTemplate'> = {
  accepts: {
    LaunchTemplateId: true,
    LaunchTemplateName: true,
    DefaultVersion: true,
    ClientToken: true,
  },
  async handle(input, { scope }, { compute }) {
    const version = required(input.DefaultVersion, 'SetDefaultVersion')
    const ref = templateRefOf(input)
    const template = await compute.launchTemplates.setDefaultVersion(scope, ref, version)
    return { LaunchTemplate: templateView(template) }
  },
}
