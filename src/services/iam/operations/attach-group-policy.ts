import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeGroup } from '../groups.ts'
import { checkAttachable, withAttached } from '../policies.ts'

export const attachGroupPolicy: Operation<IamOperations, 'AttachGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyArn: true },
  async handle(input, request, deps) {
    const arn = await checkAttachable(deps, request.scope, input.PolicyArn)
    await changeGroup(deps, request.scope, input.GroupName, (group) => withAttached(group, arn))
    return {}
  },
}
