import type { LaunchTemplates, ResolvedLaunchTemplate } from '../compute/launch-templates.ts'
import type { Scope } from '../kernel/scope.ts'
import { kindOf, RecordExists } from '../store/records.ts'
import { configurationIdPrefix, isConfigurationId } from './domain/configuration-id.ts'
import { groups, type GroupTemplate } from './group.ts'
import { retried } from './retried.ts'
import type { ScaleDeps } from './scale.ts'

/** What instances are launched from when it is not a template: written once, never changed. */
export interface LaunchConfiguration {
  readonly name: string
  readonly arn: string
  readonly createdAt: number
  readonly request: ResolvedLaunchTemplate['request']
  /** As it was given, for DescribeLaunchConfigurations. */
  readonly given: Readonly<Record<string, unknown>>
}

/** By name. */
const launchConfigurations = kindOf<LaunchConfiguration>('scale/launch-configuration')

/** A launch configuration in the place of a template: of one version, under an id that no template has. */
export function configurationTemplate(name: string): GroupTemplate {
  return {
    launchTemplateId: `${configurationIdPrefix}${name}`,
    launchTemplateName: name,
    version: '1',
  }
}

export function isConfiguration(template: GroupTemplate): boolean {
  return isConfigurationId(template.launchTemplateId)
}

/** What users ask of launch configurations. */
export interface ConfigurationRequests {
  /** False when the name is taken. */
  createConfiguration(scope: Scope, configuration: LaunchConfiguration): Promise<boolean>
  configurations(scope: Scope): Promise<readonly LaunchConfiguration[]>
  removeConfiguration(scope: Scope, name: string): Promise<'removed' | 'unknown' | 'in-use'>
}

export function configurationRequests(deps: Pick<ScaleDeps, 'context'>): ConfigurationRequests {
  const { store } = deps.context
  return {
    async createConfiguration(scope, configuration) {
      try {
        await store.insert(launchConfigurations, { scope, id: configuration.name }, configuration)
        return true
      } catch (thrown) {
        if (thrown instanceof RecordExists) return false
        throw thrown
      }
    },
    async configurations(scope) {
      return (await store.list(launchConfigurations, scope)).map((record) => record.value)
    },
    removeConfiguration: (scope, name) =>
      retried(() =>
        store.transaction(async (records) => {
          const record = await records.find(launchConfigurations, scope, name)
          if (!record) return 'unknown'
          const { launchTemplateId } = configurationTemplate(name)
          const users = await records.list(groups, scope)
          const isUsed = users.some(
            ({ value }) => value.launchTemplate.launchTemplateId === launchTemplateId,
          )
          if (isUsed) return 'in-use'
          await records.remove(record)
          return 'removed'
        }),
      ),
  }
}

/** Resolves templates and launch configurations alike. */
export function withConfigurations(
  context: ScaleDeps['context'],
  templates: LaunchTemplates,
): LaunchTemplates {
  return {
    async resolve(scope, ref) {
      const { launchTemplateId: id } = ref
      if (id === undefined || !isConfigurationId(id)) return templates.resolve(scope, ref)
      const name = id.slice(configurationIdPrefix.length)
      const record = await context.store.find(launchConfigurations, scope, name)
      return record && { ...configurationTemplate(name), request: record.value.request }
    },
  }
}
