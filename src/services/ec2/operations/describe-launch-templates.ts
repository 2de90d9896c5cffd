import type { LaunchTemplate } from '../../../compute/launch-templates.ts'
import { launchTemplates } from '../../../compute/launch-templates.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { filtered, paged, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { templateView } from '../template-view.ts'
import type { Ec2Operation } from '../deps.ts'

const fields: FilterFields<LaunchTemplate> = {
  'launch-template-name': (template) => template.name,
  'create-time': (template) => new Date(template.createdAt).toISOString(),
}

export const describeLaunchTemplates: Ec2Operation<'DescribeLaunchTemplates'> = {
  accepts: { LaunchTemplateIds: true, LaunchTemplateNames: true, ...describing },
  async handle(input, { scope }, { compute, store }) {
    const ids = input.LaunchTemplateIds ?? []
    const names = input.LaunchTemplateNames ?? []
    const named = [
      ...ids.map((launchTemplateId) => ({ launchTemplateId })),
      ...names.map((launchTemplateName) => ({ launchTemplateName })),
    ]
    const wanted =
      named.length > 0
        ? await Promise.all(named.map((ref) => compute.launchTemplates.require(scope, ref)))
        : await valuesOf(store, launchTemplates, scope)
    const shown = filtered(wanted, input.Filters, fields)
    const { items, ...page } = paged(shown, (template) => template.launchTemplateId, input)
    return { LaunchTemplates: items.map(templateView), ...page }
  },
}
