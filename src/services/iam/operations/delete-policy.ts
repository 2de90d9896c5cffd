import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { deletePolicy as removePolicy } from '../managed-policies.ts'

export const deletePolicy: Operation<IamOperations, 'DeletePolicy', IamDeps> = {
  accepts: { PolicyArn: true },
  async handle(input, request, deps) {
    await removePolicy(deps, request.scope, input.PolicyArn)
    return {}
  },
}
