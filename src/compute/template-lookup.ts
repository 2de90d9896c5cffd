import type { Scope } from '../kernel/scope.ts'
import { valuesOf } from '../network/lookup.ts'
import type { NetworkEngine } from '../network/network.ts'
import { securityGroups } from '../network/records.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { LaunchRequest } from './instance.ts'
import {
  launchTemplates,
  type LaunchSettings,
  type LaunchTemplate,
  type LaunchTemplateRef,
  type LaunchTemplates,
  type LaunchTemplateVersion,
} from './launch-templates.ts'

/** Reading templates: by id or name, by version, and as the launch that they describe. Failures are `Refusal`s. */
export interface TemplateLookup extends LaunchTemplates {
  find(scope: Scope, ref: LaunchTemplateRef): Promise<LaunchTemplate | undefined>
  /** By id or name; a refusal when there is none. */
  require(scope: Scope, ref: LaunchTemplateRef): Promise<LaunchTemplate>
  /** The settings of `ref.version`, `$Default` when absent. */
  settings(
    scope: Scope,
    ref: LaunchTemplateRef,
  ): Promise<{ template: LaunchTemplate; version: LaunchTemplateVersion }>
  /** Settings as a launch takes them: names of groups become ids. */
  requestOf(scope: Scope, settings: LaunchSettings): Promise<Omit<LaunchRequest, 'count'>>
}

export function createTemplateLookup(
  context: EngineContext,
  network: NetworkEngine,
): TemplateLookup {
  const { store } = context
  async function find(scope: Scope, ref: LaunchTemplateRef): Promise<LaunchTemplate | undefined> {
    const { launchTemplateId: id, launchTemplateName: name } = ref
    if (id !== undefined) return (await store.find(launchTemplates, scope, id))?.value
    const all = await valuesOf(store, launchTemplates, scope)
    return all.find((template) => template.name === name)
  }
  async function require(scope: Scope, ref: LaunchTemplateRef): Promise<LaunchTemplate> {
    const template = await find(scope, ref)
    if (template) return template
    throw ref.launchTemplateId === undefined
      ? new Refusal(
          'InvalidLaunchTemplateName.NotFoundException',
          `At least one of the launch templates specified in the request does not exist: ${ref.launchTemplateName}`,
        )
      : templateNotFound(ref.launchTemplateId)
  }
  async function settings(scope: Scope, ref: LaunchTemplateRef) {
    const template = await require(scope, ref)
    const version = versionOf(template, ref.version)
    if (!version) throw noVersion(template, ref.version ?? '$Default')
    return { template, version }
  }
  const requestOf = (scope: Scope, given: LaunchSettings) =>
    launchRequestOf(context, network, { scope, settings: given })

  return {
    find,
    require,
    settings,
    requestOf,
    async resolve(scope, ref) {
      const template = await find(scope, ref)
      const version = template && versionOf(template, ref.version)
      if (!template || !version) return undefined
      const { subnetId: _, zone: __, ...request } = await requestOf(scope, version.settings)
      return {
        launchTemplateId: template.launchTemplateId,
        launchTemplateName: template.name,
        version: String(version.version),
        request,
      }
    },
  }
}

export function versionOf(
  template: LaunchTemplate,
  text: string | undefined,
): LaunchTemplateVersion | undefined {
  const newest = template.versions.at(-1)?.version
  const number =
    text === undefined || text === '' || text === '$Default'
      ? template.defaultVersion
      : text === '$Latest'
        ? newest
        : Number(text)
  return template.versions.find((each) => each.version === number)
}

export function templateNotFound(launchTemplateId: string): Refusal {
  return new Refusal(
    'InvalidLaunchTemplateId.NotFound',
    `The specified launch template, with template ID ${launchTemplateId}, does not exist.`,
  )
}

/** What names the template without a version means it. */
export function defaultStays({ launchTemplateId, defaultVersion }: LaunchTemplate): Refusal {
  return new Refusal(
    'OperationNotPermitted',
    `Version ${defaultVersion} of the launch template ${launchTemplateId} is its default version, which cannot be deleted.`,
  )
}

export function noVersion(template: LaunchTemplate, version: string): Refusal {
  return new Refusal(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version} for the launch template with ID ${template.launchTemplateId}.`,
  )
}

async function launchRequestOf(
  { store }: EngineContext,
  network: NetworkEngine,
  { scope, settings }: { scope: Scope; settings: LaunchSettings },
): Promise<Omit<LaunchRequest, 'count'>> {
  const {
    imageId,
    instanceType,
    securityGroupNames = [],
    tags = [],
    hasInterface: _,
    ...rest
  } = settings
  if (imageId === undefined) {
    throw new Refusal('MissingParameter', 'The request must contain the parameter ImageId')
  }
  const named: string[] = []
  if (securityGroupNames.length > 0) {
    const vpcId = await network.ensureDefaultVpc(scope)
    const groups = vpcId === undefined ? [] : await valuesOf(store, securityGroups, scope, vpcId)
    for (const name of securityGroupNames) {
      const group = groups.find((each) => each.name === name || each.groupId === name)
      if (!group) {
        throw new Refusal(
          'InvalidGroup.NotFound',
          `The security group '${name}' does not exist in VPC '${vpcId}'`,
        )
      }
      named.push(group.groupId)
    }
  }
  return {
    ...rest,
    imageId,
    // EC2's own default, from its first days.
    instanceType: instanceType ?? 'm1.small',
    securityGroupIds: [...(settings.securityGroupIds ?? []), ...named],
    tags,
  }
}
