import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { deleteGroup as removeGroup } from '../groups.ts'

export const deleteGroup: Operation<IamOperations, 'DeleteGroup', IamDeps> = {
  accepts: { GroupName: true },
  async handle(input, request, deps) {
    await removeGroup(deps, request.scope, input.GroupName ?? '')
    return {}
  },
}
