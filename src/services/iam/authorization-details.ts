import type { GroupDetail, ManagedPolicyDetail, RoleDetail, UserDetail } from '@aws-sdk/client-iam'
import type { Group, InlinePolicy, InstanceProfile, Role, User } from '../../identity/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import { groupShape } from './groups.ts'
import { profileShape } from './instance-profiles.ts'
import { policyShape, versionShape, type ReadablePolicy } from './managed-policies.ts'
import { encodeDocument } from './names.ts'
import { attachedShape } from './policies.ts'
import { roleShape } from './roles.ts'
import type { IamDeps } from './service-deps.ts'
import { userShape } from './users.ts'

/** With the names of its groups. */
export function userDetail(user: User, groups: readonly Group[]): UserDetail {
  return {
    ...userShape(user),
    UserPolicyList: user.inlinePolicies.map(inlineDetail),
    GroupList: groups
      .filter(({ memberNames }) => memberNames.includes(user.userName))
      .map(({ groupName }) => groupName),
    AttachedManagedPolicies: user.attachedPolicyArns.map(attachedShape),
  }
}

export function groupDetail(group: Group): GroupDetail {
  return {
    ...groupShape(group),
    GroupPolicyList: group.inlinePolicies.map(inlineDetail),
    AttachedManagedPolicies: group.attachedPolicyArns.map(attachedShape),
  }
}

/** With the instance profiles that hold it. */
export async function roleDetail(
  deps: IamDeps,
  scope: Scope,
  role: Role,
  profiles: readonly InstanceProfile[],
): Promise<RoleDetail> {
  const { Description: _description, MaxSessionDuration: _seconds, ...shape } = roleShape(role)
  const holding = profiles.filter(({ roleName }) => roleName === role.roleName)
  return {
    ...shape,
    InstanceProfileList: await Promise.all(
      holding.map((profile) => profileShape(deps, scope, profile)),
    ),
    RolePolicyList: role.inlinePolicies.map(inlineDetail),
    AttachedManagedPolicies: role.attachedPolicyArns.map(attachedShape),
  }
}

/** With the documents of all its versions. */
export async function policyDetail(
  deps: IamDeps,
  scope: Scope,
  policy: ReadablePolicy,
): Promise<ManagedPolicyDetail> {
  const { Tags: _tags, ...shape } = await policyShape(deps, scope, policy)
  return {
    ...shape,
    PolicyVersionList: policy.versions.map((version) => versionShape(policy, version)),
  }
}

function inlineDetail({ name, document }: InlinePolicy) {
  return { PolicyName: name, PolicyDocument: encodeDocument(document) }
}
