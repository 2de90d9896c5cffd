import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { encodeDocument } from '../names.ts'
import { inlineNamed } from '../policies.ts'
import { userNamed } from '../users.ts'

export const getUserPolicy: Operation<IamOperations, 'GetUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyName: true },
  async handle(input, request, deps) {
    const { value: user } = await userNamed(deps, request.scope, input.UserName)
    const policy = inlineNamed(user, input.PolicyName)
    return {
      UserName: user.userName,
      PolicyName: policy.name,
      PolicyDocument: encodeDocument(policy.document),
    }
  },
}
