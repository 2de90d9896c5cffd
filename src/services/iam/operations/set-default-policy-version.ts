import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changePolicy, versionOf } from '../managed-policies.ts'

export const setDefaultPolicyVersion: Operation<IamOperations, 'SetDefaultPolicyVersion', IamDeps> =
  {
    accepts: { PolicyArn: true, VersionId: true },
    async handle(input, request, deps) {
      await changePolicy(deps, request.scope, input.PolicyArn, (policy) => ({
        ...policy,
        defaultVersionId: versionOf(policy, input.VersionId).versionId,
      }))
      return {}
    },
  }
