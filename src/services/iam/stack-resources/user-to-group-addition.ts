import { globalScopeOf, groups } from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { modify } from '../../../store/records.ts'
import { addMember } from '../groups.ts'
import type { IamDeps } from '../service-deps.ts'

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

  return {
    name: 'AWS::IAM::UserToGroupAddition',
    properties: { GroupName: 'string', Users: true },
    required: ['GroupName', 'Users'],
    attributes: [],
    replaceOn: [],
    // CAPABILITY_IAM is enough: there is no property that names it.
    capability: { nameProperty: '' },
    async create(properties, context) {
      const physicalId = context.physicalName(128)
      await context.started(physicalId)
      await put(context.scope, properties)
      return { physicalId, attributes: {} }
    },
    async update({ physicalId, before, after }, { scope }) {
      const was = before as AdditionProperties
      const { GroupName, Users } = after as AdditionProperties
      await put(scope, after)
      await take(scope, before, was.GroupName === GroupName ? (Users ?? []) : [])
      return { physicalId, attributes: {} }
    },
    remove: ({ properties }, { scope }) => take(scope, properties, []),
  }
}
