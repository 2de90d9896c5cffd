import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changePolicy, versionOf } from '../managed-policies.ts'
import { deleteConflict } from '../errors.ts'

export const deletePolicyVersion: Operation<IamOperations, 'DeletePolicyVersion', IamDeps> = {
  accepts: { PolicyArn: true, VersionId: true },
  async handle(input, request, deps) {
    await changePolicy(deps, request.scope, input.PolicyArn, (policy) => {
      const { versionId } = versionOf(policy, input.VersionId)
      if (versionId === policy.defaultVersionId) {
        throw deleteConflict('Cannot delete the default version of a policy.')
      }
      const versions = policy.versions.filter((version) => version.versionId !== versionId)
      return { ...policy, versions }
    })
    return {}
  },
}
