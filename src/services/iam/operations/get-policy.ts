import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { policyAt } from '../aws-policies.ts'
import { policyShape } from '../managed-policies.ts'

export const getPolicy: Operation<IamOperations, 'GetPolicy', IamDeps> = {
  accepts: { PolicyArn: true },
  async handle(input, request, deps) {
    const policy = await policyAt(deps, request.scope, input.PolicyArn)
    return { Policy: await policyShape(deps, request.scope, policy) }
  },
}
