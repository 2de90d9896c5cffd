import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { attachedShape } from '../policies.ts'
import { page } from '../paging.ts'
import { roleNamed } from '../roles.ts'

export const listAttachedRolePolicies: Operation<
  IamOperations,
  'ListAttachedRolePolicies',
  IamDeps
> = {
  accepts: { RoleName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: role } = await roleNamed(deps, request.scope, input.RoleName)
    const found = page(role.attachedPolicyArns, (arn) => arn, input)
    return { AttachedPolicies: found.items.map(attachedShape), ...found.mark }
  },
}
