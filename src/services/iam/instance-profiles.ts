import type { InstanceProfile as ProfileShape, Tag } from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import {
  globalScopeOf,
  instanceProfiles,
  roles,
  type InstanceProfile,
} from '../../identity/records.ts'
import { globalArnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { deleteConflict, limitExceeded, noSuchEntity } from './errors.ts'
import { checkName, checkPath, checkTags } from './names.ts'
import { roleEntities, roleShape } from './roles.ts'
import { madeFor, namedEntities } from './named-entities.ts'
import type { IamDeps, Making } from './service-deps.ts'

export const profileEntities = namedEntities<InstanceProfile>({
  kind: instanceProfiles,
  nameOf: (profile) => profile.name,
  missing: (name) => `Instance Profile ${name}`,
  taken: (name) => `Instance Profile ${name}`,
})

interface ProfileInput {
  readonly InstanceProfileName: string | undefined
  readonly Path?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export async function createProfile(
  deps: IamDeps,
  making: Making,
  input: ProfileInput,
): Promise<InstanceProfile> {
  const { random, clock } = deps.identity.context
  const name = checkName('instanceProfileName', input.InstanceProfileName, 128)
  const path = checkPath(input.Path)
  const profile: InstanceProfile = {
    name,
    profileId: identityId(random, 'AIPA'),
    path,
    arn: globalArnOf('iam', making.scope, `instance-profile${path}${name}`),
    createdAt: clock.now(),
    tags: checkTags(input.Tags),
    ...madeFor(making),
  }
  return profileEntities.insert(deps, making, profile)
}

/** A profile holds one role. */
export async function addRole(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
  roleName: string | undefined,
): Promise<void> {
  const role = await roleEntities.named(deps, scope, roleName)
  await profileEntities.change(deps, scope, name, (profile) => {
    if (profile.roleName !== undefined) throw limitExceeded('InstanceSessionsPerInstanceProfile', 1)
    return { ...profile, roleName: role.value.roleName }
  })
}

export async function removeRole(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
  roleName: string | undefined,
): Promise<void> {
  await profileEntities.change(deps, scope, name, (profile) => {
    if (profile.roleName !== roleName) throw noSuchEntity(`role with name ${roleName ?? ''}`)
    const { roleName: _left, ...rest } = profile
    return rest
  })
}

export async function deleteProfile(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
): Promise<void> {
  const record = await profileEntities.named(deps, scope, name)
  if (record.value.roleName !== undefined) {
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
  }
  await deps.identity.context.store.remove(record)
}

export async function profileShape(
  deps: IamDeps,
  scope: Scope,
  profile: InstanceProfile,
): Promise<ProfileShape> {
  const role =
    profile.roleName === undefined
      ? undefined
      : await deps.identity.context.store.find(roles, globalScopeOf(scope), profile.roleName)
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.profileId,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdAt),
    Roles: role ? [roleShape(role.value)] : [],
    ...(profile.tags.length > 0 ? { Tags: [...profile.tags] } : {}),
  }
}
