import type { LaunchTemplate, LaunchTemplateVersion } from '../../../compute/launch-templates.ts'
import { launchTemplates } from '../../../compute/launch-templates.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { paged } from '../filters.ts'
import { versionView, templateRefOf } from '../template-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeLaunchTemplateVersions: Ec2Operation<'DescribeLaunchTemplateVersions'> = {
  accepts: {
    LaunchTemplateId: true,
    LaunchTemplateName: true,
    Versions: true,
    MinVersion: true,
    MaxVersion: true,
    NextToken: true,
    MaxResults: true,
  },
  async handle(input, { scope }, { compute, store }) {
    const names = input.Versions ?? []
    const isNamed = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined
    // Without a template, the versions `$Latest` or `$Default` of all of them.
    const templates = isNamed
      ? [await compute.launchTemplates.require(scope, templateRefOf(input))]
      : await valuesOf(store, launchTemplates, scope)
    const found: { template: LaunchTemplate; version: LaunchTemplateVersion }[] = []
    for (const template of templates) {
      const { launchTemplateId } = template
      for (const version of names) {
        found.push(await compute.launchTemplates.settings(scope, { launchTemplateId, version }))
      }
      if (names.length === 0) {
        found.push(...template.versions.toReversed().map((version) => ({ template, version })))
      }
    }
    const shown = found.filter(
      ({ version }) =>
        version.version >= Number(input.MinVersion ?? 0) &&
        version.version <= Number(input.MaxVersion ?? Infinity),
    )
    const { items, ...page } = paged(
      shown,
      // The newest version first.
      ({ template, version }) =>
        `${template.launchTemplateId} ${String(1e9 - version.version).padStart(10, '0')}`,
      input,
    )
    return {
      LaunchTemplateVersions: items.map((each) => versionView(each.template, each.version)),
      ...page,
    }
  },
}
