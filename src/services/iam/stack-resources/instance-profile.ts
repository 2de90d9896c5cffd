import { globalScopeOf, instanceProfiles } from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { ResourceType } from '../../../stacks/resource-type.ts'
import { validationError } from '../errors.ts'
import { profileEntities, createProfile } from '../instance-profiles.ts'
import { roleEntities } from '../roles.ts'
import type { IamDeps } from '../service-deps.ts'

interface ProfileProperties {
  readonly InstanceProfileName?: string
  readonly Path?: string
  readonly Roles?: readonly string[]
}

/** `AWS::IAM::InstanceProfile` */
export function instanceProfileType(deps: IamDeps): ResourceType {
  async function withRole(scope: Scope, name: string, listed: readonly string[] | undefined) {
    const [roleName, ...more] = [listed ?? []].flat()
    if (roleName === undefined || more.length > 0) {
      throw validationError('An instance profile has exactly one role')
    }
    await roleEntities.named(deps, scope, roleName)
    const profile = await profileEntities.change(deps, scope, name, (value) => ({
      ...value,
      roleName,
    }))
    return { physicalId: name, attributes: { Arn: profile.arn } }
  }

  return {
    name: 'AWS::IAM::InstanceProfile',
    properties: { InstanceProfileName: 'string', Path: 'string', Roles: true },
    required: ['Roles'],
    attributes: ['Arn'],
    replaceOn: ['InstanceProfileName', 'Path'],
    capability: { nameProperty: 'InstanceProfileName' },
    async create(properties, context) {
      const { scope, token } = context
      const given = properties as ProfileProperties
      const InstanceProfileName = given.InstanceProfileName ?? context.physicalName(128)
      const input = { InstanceProfileName, Path: given.Path }
      const profile = await createProfile(deps, { scope, token }, input)
      await context.started(profile.name)
      return withRole(scope, profile.name, given.Roles)
    },
    update: ({ physicalId, after }, { scope }) =>
      withRole(scope, physicalId, (after as ProfileProperties).Roles),
    async remove({ physicalId }, { scope }) {
      const { store } = deps.identity.context
      const record = await store.find(instanceProfiles, globalScopeOf(scope), physicalId)
      if (record) await store.remove(record)
    },
    inventory: {
      identifier: 'InstanceProfileName',
      async list(scope) {
        const all = await deps.identity.context.store.list(instanceProfiles, globalScopeOf(scope))
        return all.map(({ id }) => id)
      },
      async describe(physicalId, scope) {
        const { store } = deps.identity.context
        const found = await store.find(instanceProfiles, globalScopeOf(scope), physicalId)
        if (!found) return undefined
        const { name, path, roleName, arn } = found.value
        const Roles = roleName === undefined ? undefined : [roleName]
        return { InstanceProfileName: name, Path: path, Roles, Arn: arn }
      },
    },
  }
}
