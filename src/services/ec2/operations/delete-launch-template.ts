import { templateView, templateRefOf } from '../template-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteLaunchTemplate: Ec2Operation<'DeleteLaunchTemplate'> = {
  accepts: { LaunchTemplateId: true, LaunchTemplateName: true },
  async handle(input, { scope }, { compute }) {
    const template = await compute.launchTemplates.remove(scope, templateRefOf(input))
    return { LaunchTemplate: templateView(template) }
  },
}
