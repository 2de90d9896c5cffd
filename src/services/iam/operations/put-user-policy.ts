import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeUser } from '../users.ts'
import { checkName, checkPolicy } from '../names.ts'
import { withInline } from '../policies.ts'

export const putUserPolicy: Operation<IamOperations, 'PutUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyName: true, PolicyDocument: true },
  async handle(input, request, deps) {
    const name = checkName('policyName', input.PolicyName, 128)
    const document = checkPolicy(input.PolicyDocument, 'identity')
    await changeUser(deps, request.scope, input.UserName, (user) =>
      withInline(user, { name, document }),
    )
    return {}
  },
}
