import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeGroup } from '../groups.ts'
import { withoutInline } from '../policies.ts'

export const deleteGroupPolicy: Operation<IamOperations, 'DeleteGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyName: true },
  async handle(input, request, deps) {
    await changeGroup(deps, request.scope, input.GroupName, (group) =>
      withoutInline(group, input.PolicyName),
    )
    return {}
  },
}
