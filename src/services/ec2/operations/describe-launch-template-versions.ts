import type { ResponseLaunchTemplateData } from '@aws-sdk/client-ec2'
import type { LaunchTemplate, LaunchTemplateVersion } from '../../../compute/launch-templates.ts'
import { launchTemplates } from '../../../compute/launch-templates.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { filtered, metByNothing, paged, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { versionView, templateRefOf } from '../template-view.ts'
import type { Ec2Operation } from '../deps.ts'

interface Row {
  readonly template: LaunchTemplate
  readonly version: LaunchTemplateVersion
  readonly tags: readonly []
}

const shownAs =
  (read: (content: ResponseLaunchTemplateData) => string | undefined) =>
  ({ template, version }: Row) =>
    read(versionView(template, version).LaunchTemplateData ?? {})

const fields: FilterFields<Row> = {
  'create-time': ({ version }) => new Date(version.createdAt).toISOString(),
  'ebs-optimized': shownAs((content) => String(content.EbsOptimized ?? false)),
  'http-endpoint': shownAs((content) => content.MetadataOptions?.HttpEndpoint),
  'http-protocol-ipv4': shownAs((content) => content.MetadataOptions?.HttpEndpoint),
  'http-tokens': shownAs((content) => content.MetadataOptions?.HttpTokens),
  'iam-instance-profile': shownAs((content) => content.IamInstanceProfile?.Arn),
  'image-id': shownAs((content) => content.ImageId),
  'instance-type': shownAs((content) => content.InstanceType),
  'is-default-version': ({ template, version }) =>
    String(version.version === template.defaultVersion),
  ...metByNothing(
    'host-resource-group-arn',
    'kernel-id',
    'license-configuration-arn',
    'network-card-index',
    'ram-disk-id',
  ),
}

export const describeLaunchTemplateVersions: Ec2Operation<'DescribeLaunchTemplateVersions'> = {
  accepts: {
    LaunchTemplateId: true,
    LaunchTemplateName: true,
    Versions: true,
    MinVersion: true,
    MaxVersion: true,
    ...describing,
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
    const inRange = found.filter(
      ({ version }) =>
        version.version >= Number(input.MinVersion ?? 0) &&
        version.version <= Number(input.MaxVersion ?? Infinity),
    )
    const rows = inRange.map((row) => ({ ...row, tags: [] as const }))
    const shown = filtered(rows, input.Filters, fields)
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
