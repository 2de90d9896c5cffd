import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changePolicy, withVersion, versionOf, versionShape } from '../managed-policies.ts'
import { checkPolicy } from '../names.ts'

export const createPolicyVersion: Operation<IamOperations, 'CreatePolicyVersion', IamDeps> = {
  accepts: { PolicyArn: true, PolicyDocument: true, SetAsDefault: true },
  async handle(input, request, deps) {
    const document = checkPolicy(input.PolicyDocument, 'identity')
    const at = deps.identity.context.clock.now()
    const isDefault = input.SetAsDefault ?? false
    const policy = await changePolicy(deps, request.scope, input.PolicyArn, (before) =>
      withVersion(before, { document, isDefault, at }),
    )
    const { Document: _document, ...shape } = versionShape(
      policy,
      versionOf(policy, `v${policy.versionsMade}`),
    )
    return { PolicyVersion: shape }
  },
}
