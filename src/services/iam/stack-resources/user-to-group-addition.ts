import { globalScopeOf, groups } from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { modify } from '../../../store/records.ts'
import { addMember } from '../memberships.ts'
import type { IamDeps } from '../service-deps.ts'
import { additionType } from './addition.ts'

interface AdditionProperties {
  readonly GroupName?: string
  readonly Users?: readonly string[]
}

/** `AWS::IAM::UserToGroupAddition` */
export function userToGroupAdditionType(deps: IamDeps): ResourceType {
  async function put(scope: Scope, properties: Properties): Promise<void> {
    const { GroupName, Users } = properties as AdditionProperties
    for (const user of Users ?? []) await addMember(deps, scope, GroupName, user)
  }

  /** A group that is gone took its members along. */
  async function take(scope: Scope, before: Properties, keep: readonly string[]): Promise<void> {
    const { GroupName, Users } = before as AdditionProperties
    const gone = (Users ?? []).filter((user) => !keep.includes(user))
    const at = { kind: groups, scope: globalScopeOf(scope), id: GroupName ?? '' }
    await modify(deps.identity.context.store, at, (group) => ({
      ...group,
      memberNames: group.memberNames.filter((name) => !gone.includes(name)),
    }))
  }

  return additionType({
    name: 'AWS::IAM::UserToGroupAddition',
    properties: { GroupName: 'string', Users: true },
    required: ['GroupName', 'Users'],
    put,
    take: (scope, properties) => take(scope, properties, []),
    async replace(scope, before, after) {
      const was = before as AdditionProperties
      const { GroupName, Users } = after as AdditionProperties
      await put(scope, after)
      await take(scope, before, was.GroupName === GroupName ? (Users ?? []) : [])
    },
  })
}
