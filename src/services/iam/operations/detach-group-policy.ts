import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeGroup } from '../groups.ts'
import { withoutAttached } from '../policies.ts'

export const detachGroupPolicy: Operation<IamOperations, 'DetachGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyArn: true },
  async handle(input, request, deps) {
    const arn = input.PolicyArn ?? ''
    await changeGroup(deps, request.scope, input.GroupName, (group) => withoutAttached(group, arn))
    return {}
  },
}
