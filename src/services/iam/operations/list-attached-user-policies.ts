import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { attachedShape } from '../policies.ts'
import { page } from '../paging.ts'
import { userNamed } from '../users.ts'

export const listAttachedUserPolicies: Operation<
  IamOperations,
  'ListAttachedUserPolicies',
  IamDeps
> = {
  accepts: { UserName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: user } = await userNamed(deps, request.scope, input.UserName)
    const found = page(user.attachedPolicyArns, (arn) => arn, input)
    return { AttachedPolicies: found.items.map(attachedShape), ...found.mark }
  },
}
