import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { renameGroup } from '../groups.ts'

export const updateGroup: Operation<IamOperations, 'UpdateGroup', IamDeps> = {
  accepts: { GroupName: true, NewGroupName: true, NewPath: true },
  async handle(input, request, deps) {
    const to = { name: input.NewGroupName, path: input.NewPath }
    await renameGroup(deps, request.scope, input.GroupName ?? '', to)
    return {}
  },
}
