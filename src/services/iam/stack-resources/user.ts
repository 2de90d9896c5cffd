import type { CreateUserRequest } from '@aws-sdk/client-iam'
import { globalScopeOf, groups, users, type User } from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Properties, ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import { modify } from '../../../store/records.ts'
import { addMember } from '../memberships.ts'
import { checkPassword } from '../login-profiles.ts'
import { checkTags } from '../names.ts'
import type { IamDeps } from '../service-deps.ts'
import { userEntities, createUser, deleteUser } from '../users.ts'
import { holderPolicies, mergedPolicies, type PolicyProperties } from './holder-policies.ts'

interface UserProperties extends Partial<CreateUserRequest>, PolicyProperties {
  readonly Groups?: readonly string[]
  readonly LoginProfile?: { readonly Password?: string; readonly PasswordResetRequired?: boolean }
}

/** `AWS::IAM::User` */
export function userType(deps: IamDeps): ResourceType {
  const { store, clock } = deps.identity.context

  return {
    name: 'AWS::IAM::User',
    properties: {
      UserName: 'string',
      Path: 'string',
      Groups: true,
      LoginProfile: { Password: 'string', PasswordResetRequired: 'boolean' },
      ManagedPolicyArns: true,
      Policies: { PolicyName: 'string', PolicyDocument: 'json' },
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Arn'],
    replaceOn: ['UserName', 'Path'],
    keepsTags: true,
    capability: { nameProperty: 'UserName' },
    async create(properties, context) {
      const { scope, token } = context
      const given = properties as UserProperties
      const policies = await holderPolicies(deps, scope, properties)
      const profile = loginProfile(given, undefined, clock.now())
      const { Path, Tags } = given
      const input = { UserName: given.UserName ?? context.physicalName(64), Path, Tags }
      const { userName } = await createUser(deps, { scope, token }, input)
      await context.started(userName)
      const user = await userEntities.change(deps, scope, userName, (value) => ({
        ...value,
        ...policies,
        ...profile,
      }))
      await join(deps, scope, userName, groupsIn(properties))
      return stateOf(user)
    },
    async update({ physicalId, before, after }, { scope }) {
      const given = after as UserProperties
      const policies = await holderPolicies(deps, scope, given)
      const tags = checkTags(given.Tags)
      const now = clock.now()
      const user = await userEntities.change(deps, scope, physicalId, (value) => ({
        ...value,
        ...mergedPolicies(value, before, policies),
        ...loginProfile(given, value, now),
        tags,
      }))
      await join(deps, scope, physicalId, groupsIn(after))
      const left = groupsIn(before).filter((name) => !groupsIn(after).includes(name))
      await leave(deps, scope, physicalId, left)
      return stateOf(user)
    },
    async remove({ physicalId, properties }, { scope }) {
      if (!(await store.find(users, globalScopeOf(scope), physicalId))) return
      const bare = { inlinePolicies: [], attachedPolicyArns: [], loginProfile: undefined }
      await userEntities.change(deps, scope, physicalId, (value) => ({ ...value, ...bare }))
      await leave(deps, scope, physicalId, groupsIn(properties))
      await deleteUser(deps, scope, physicalId)
    },
  }
}

async function join(
  deps: IamDeps,
  scope: Scope,
  userName: string,
  names: readonly string[],
): Promise<void> {
  for (const group of names) await addMember(deps, scope, group, userName)
}

/** Groups that are gone took their members along. */
async function leave(
  deps: IamDeps,
  scope: Scope,
  userName: string,
  names: readonly string[],
): Promise<void> {
  const { store } = deps.identity.context
  for (const id of names) {
    await modify(store, { kind: groups, scope: globalScopeOf(scope), id }, (group) => ({
      ...group,
      memberNames: group.memberNames.filter((each) => each !== userName),
    }))
  }
}

/** Throws for a password that IAM would refuse. */
function loginProfile(
  { LoginProfile }: UserProperties,
  held: User | undefined,
  now: number,
): Pick<User, 'loginProfile'> {
  if (!LoginProfile) return { loginProfile: undefined }
  checkPassword(LoginProfile.Password)
  const isResetRequired = LoginProfile.PasswordResetRequired ?? false
  return { loginProfile: { createdAt: held?.loginProfile?.createdAt ?? now, isResetRequired } }
}

function groupsIn(properties: Properties): readonly string[] {
  return (properties as UserProperties).Groups ?? []
}

function stateOf(user: { userName: string; arn: string }): ResourceState {
  return { physicalId: user.userName, attributes: { Arn: user.arn } }
}
