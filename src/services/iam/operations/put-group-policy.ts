import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeGroup } from '../groups.ts'
import { checkName, checkPolicy } from '../names.ts'
import { withInline } from '../policies.ts'

export const putGroupPolicy: Operation<IamOperations, 'PutGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyName: true, PolicyDocument: true },
  async handle(input, request, deps) {
    const name = checkName('policyName', input.PolicyName, 128)
    const document = checkPolicy(input.PolicyDocument, 'identity')
    await changeGroup(deps, request.scope, input.GroupName, (group) =>
      withInline(group, { name, document }),
    )
    return {}
  },
}
