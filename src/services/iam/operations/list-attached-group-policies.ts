import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { groupNamed } from '../groups.ts'
import { page } from '../paging.ts'
import { attachedShape } from '../policies.ts'

export const listAttachedGroupPolicies: Operation<
  IamOperations,
  'ListAttachedGroupPolicies',
  IamDeps
> = {
  accepts: { GroupName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: group } = await groupNamed(deps, request.scope, input.GroupName)
    const found = page(group.attachedPolicyArns, (arn) => arn, input)
    return { AttachedPolicies: found.items.map(attachedShape), ...found.mark }
  },
}
