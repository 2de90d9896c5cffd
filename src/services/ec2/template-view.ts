import type {
  LaunchTemplate as AwsLaunchTemplate,
  LaunchTemplateVersion as AwsVersion,
} from '@aws-sdk/client-ec2'
import type {
  LaunchTemplate,
  LaunchTemplateRef,
  LaunchTemplateVersion,
} from '../../compute/launch-templates.ts'
import { missingParameter } from './errors.ts'
import { templateContent } from './launch-settings.ts'

export function templateView(template: LaunchTemplate): AwsLaunchTemplate {
  return {
    LaunchTemplateId: template.launchTemplateId,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAt),
    CreatedBy: template.createdBy,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.versions.at(-1)?.version ?? template.latestVersion,
    Tags: [...template.tags],
  }
}

export function versionView(template: LaunchTemplate, version: LaunchTemplateVersion): AwsVersion {
  return {
    LaunchTemplateId: template.launchTemplateId,
    LaunchTemplateName: template.name,
    VersionNumber: version.version,
    ...(version.description !== undefined && { VersionDescription: version.description }),
    CreateTime: new Date(version.createdAt),
    CreatedBy: version.createdBy,
    DefaultVersion: version.version === template.defaultVersion,
    LaunchTemplateData: templateContent(version.settings),
  }
}

/** How a request names a template; one of id and name is needed. */
export function templateRefOf(input: {
  LaunchTemplateId?: string | undefined
  LaunchTemplateName?: string | undefined
  Version?: string | undefined
}): LaunchTemplateRef {
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version: version } = input
  if (!id && !name) throw missingParameter('LaunchTemplateId or LaunchTemplateName')
  return {
    ...(id ? { launchTemplateId: id } : { launchTemplateName: name ?? '' }),
    ...(version && { version }),
  }
}
