import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { Refusal } from '../network/refusal.ts'
import { valuesOf } from '../network/lookup.ts'
import type { NetworkEngine } from '../network/network.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify } from '../store/records.ts'
import {
  launchTemplates,
  type LaunchSettings,
  type LaunchTemplate,
  type LaunchTemplateRef,
  type LaunchTemplateVersion,
} from './launch-templates.ts'
import {
  createTemplateLookup,
  defaultStays,
  noVersion,
  versionOf,
  type TemplateLookup,
} from './template-lookup.ts'

/** Templates and their versions. Failures are `Refusal`s. */
export interface TemplateCatalogue extends TemplateLookup {
  create(scope: Scope, request: CreateTemplate): Promise<LaunchTemplate>
  addVersion(
    scope: Scope,
    ref: LaunchTemplateRef,
    version: Omit<LaunchTemplateVersion, 'version' | 'createdAt'>,
  ): Promise<{ template: LaunchTemplate; version: LaunchTemplateVersion }>
  setDefaultVersion(scope: Scope, ref: LaunchTemplateRef, version: string): Promise<LaunchTemplate>
  removeVersion(scope: Scope, ref: LaunchTemplateRef, version: number): Promise<LaunchTemplate>
  remove(scope: Scope, ref: LaunchTemplateRef): Promise<LaunchTemplate>
}

export interface CreateTemplate {
  /** Choose it yourself to make the call repeatable: an id that is taken throws `RecordExists`. */
  readonly launchTemplateId?: string
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
  const lookup = createTemplateLookup(context, network)

  async function change(
    scope: Scope,
    ref: LaunchTemplateRef,
    to: (template: LaunchTemplate) => LaunchTemplate,
  ): Promise<LaunchTemplate> {
    const { launchTemplateId: id } = await lookup.require(scope, ref)
    const record = await modify(store, { kind: launchTemplates, scope, id }, to)
    return record?.value ?? lookup.require(scope, ref)
  }

  return {
    ...lookup,
    create: (scope, request) => createTemplate(context, scope, request),
    async addVersion(scope, ref, content) {
      let version: LaunchTemplateVersion | undefined
      const template = await change(scope, ref, (known) => {
        const token = content.clientToken
        version = known.versions.find((each) => token !== undefined && each.clientToken === token)
        if (version) return known
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
        if (number === known.defaultVersion) throw defaultStays(known)
        return { ...known, versions }
      }),
    async remove(scope, ref) {
      const template = await lookup.require(scope, ref)
      const record = await store.find(launchTemplates, scope, template.launchTemplateId)
      if (record) await store.remove(record)
      return template
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
  const launchTemplateId = request.launchTemplateId ?? resourceId(random, 'lt')
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
