import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { Refusal } from '../network/refusal.ts'
import { securityGroups } from '../network/records.ts'
import { valuesOf } from '../network/lookup.ts'
import type { NetworkEngine } from '../network/network.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, type StoredRecord } from '../store/records.ts'
import type { LaunchRequest } from './instance.ts'
import {
  launchTemplates,
  type LaunchSettings,
  type LaunchTemplate,
  type LaunchTemplateRef,
  type LaunchTemplates,
  type LaunchTemplateVersion,
} from './launch-templates.ts'

/** Templates and their versions. Failures are `Refusal`s. */
export interface TemplateCatalogue extends LaunchTemplates {
  create(scope: Scope, request: CreateTemplate): Promise<LaunchTemplate>
  addVersion(
    scope: Scope,
    ref: LaunchTemplateRef,
    version: Omit<LaunchTemplateVersion, 'version' | 'createdAt'>,
  ): Promise<{ template: LaunchTemplate; version: LaunchTemplateVersion }>
  setDefaultVersion(scope: Scope, ref: LaunchTemplateRef, version: string): Promise<LaunchTemplate>
  removeVersion(scope: Scope, ref: LaunchTemplateRef, version: number): Promise<LaunchTemplate>
  remove(scope: Scope, ref: LaunchTemplateRef): Promise<LaunchTemplate>
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

export interface CreateTemplate {
  readonly name: string
  readonly createdBy: string
  readonly description?: string
  readonly settings: LaunchSettings
  readonly tags: readonly Tag[]
}

export function createTemplateCatalogue(
  context: EngineContext,
  network: NetworkEngine,
): TemplateCatalogue {
  const { store, clock } = context

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
      : new Refusal(
          'InvalidLaunchTemplateId.NotFound',
          `The specified launch template, with template ID ${ref.launchTemplateId}, does not exist.`,
        )
  }
  async function change(
    scope: Scope,
    ref: LaunchTemplateRef,
    to: (template: LaunchTemplate) => LaunchTemplate,
  ): Promise<LaunchTemplate> {
    const { launchTemplateId: id } = await require(scope, ref)
    const record = await modify(store, { kind: launchTemplates, scope, id }, to)
    return record?.value ?? require(scope, ref)
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
    require,
    settings,
    requestOf,
    create: (scope, request) => createTemplate(context, scope, request),
    async addVersion(scope, ref, content) {
      let version: LaunchTemplateVersion | undefined
      const template = await change(scope, ref, (known) => {
        version = { ...content, version: known.latestVersion + 1, createdAt: clock.now() }
        const versions = [...known.versions, version]
        return { ...known, latestVersion: version.version, versions }
      })
      return { template, version: version ?? versionOf(template, '$Latest')! }
    },
    setDefaultVersion: (scope, ref, text) =>
      change(scope, ref, (known) => {
        const version = versionOf(known, text)
        if (!version) throw noVersion(known, text)
        return { ...known, defaultVersion: version.version }
      }),
    removeVersion: (scope, ref, number) =>
      change(scope, ref, (known) => {
        const versions = known.versions.filter((each) => each.version !== number)
        if (versions.length === known.versions.length) throw noVersion(known, String(number))
        return { ...known, versions }
      }),
    async remove(scope, ref) {
      const template = await require(scope, ref)
      const record = await store.find(launchTemplates, scope, template.launchTemplateId)
      if (record) await store.remove(record)
      return template
    },
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

async function createTemplate(
  { store, random, clock }: EngineContext,
  scope: Scope,
  request: CreateTemplate,
): Promise<LaunchTemplate> {
  const { name, createdBy, tags } = request
  const createdAt = clock.now()
  const launchTemplateId = resourceId(random, 'lt')
  const first: LaunchTemplateVersion = {
    version: 1,
    createdAt,
    createdBy,
    settings: request.settings,
    ...(request.description !== undefined && { description: request.description }),
  }
  const template: LaunchTemplate = {
    launchTemplateId,
    name,
    createdAt,
    createdBy,
    defaultVersion: 1,
    latestVersion: 1,
    versions: [first],
    tags,
  }
  return store.transaction(async (records) => {
    const all = await valuesOf(records, launchTemplates, scope)
    if (all.some((known) => known.name === name)) {
      throw new Refusal(
        'InvalidLaunchTemplateName.AlreadyExistsException',
        `Launch template name already in use.`,
      )
    }
    await records.insert(launchTemplates, { scope, id: launchTemplateId }, template)
    return template
  })
}

function versionOf(
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

function noVersion(template: LaunchTemplate, version: string): Refusal {
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
    volumeTags: __,
    ebsOptimized: ___,
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
