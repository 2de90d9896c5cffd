import { groupIdOf } from '../permissions.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteSecurityGroup: Ec2Operation<'DeleteSecurityGroup'> = {
  accepts: { GroupId: true, GroupName: true },
  async handle(input, { scope }, deps) {
    const groupId = await groupIdOf(deps, scope, input)
    await deps.network.security.deleteGroup(scope, groupId)
    return { Return: true, GroupId: groupId }
  },
}
