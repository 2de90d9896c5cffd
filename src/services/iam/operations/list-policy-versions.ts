import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { policyAt } from '../aws-policies.ts'
import { versionShape } from '../managed-policies.ts'
import { page } from '../paging.ts'

export const listPolicyVersions: Operation<IamOperations, 'ListPolicyVersions', IamDeps> = {
  accepts: { PolicyArn: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const policy = await policyAt(deps, request.scope, input.PolicyArn)
    const found = page(policy.versions, (version) => version.versionId.padStart(8, '0'), input)
    const shapes = found.items.map((version) => {
      const { Document: _document, ...shape } = versionShape(policy, version)
      return shape
    })
    return { Versions: shapes, ...found.mark }
  },
}
