import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { policyAt } from '../aws-policies.ts'
import { versionOf, versionShape } from '../managed-policies.ts'

export const getPolicyVersion: Operation<IamOperations, 'GetPolicyVersion', IamDeps> = {
  accepts: { PolicyArn: true, VersionId: true },
  async handle(input, request, deps) {
    const policy = await policyAt(deps, request.scope, input.PolicyArn)
    return { PolicyVersion: versionShape(policy, versionOf(policy, input.VersionId)) }
  },
}
