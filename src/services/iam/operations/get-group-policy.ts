import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { groupNamed } from '../groups.ts'
import { encodeDocument } from '../names.ts'
import { inlineNamed } from '../policies.ts'

export const getGroupPolicy: Operation<IamOperations, 'GetGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyName: true },
  async handle(input, request, deps) {
    const { value: group } = await groupNamed(deps, request.scope, input.GroupName)
    const policy = inlineNamed(group, input.PolicyName)
    return {
      GroupName: group.groupName,
      PolicyName: policy.name,
      PolicyDocument: encodeDocument(policy.document),
    }
  },
}
