import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { userNamed } from '../users.ts'

export const listUserPolicies: Operation<IamOperations, 'ListUserPolicies', IamDeps> = {
  accepts: { UserName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: user } = await userNamed(deps, request.scope, input.UserName)
    const found = page(user.inlinePolicies, (policy) => policy.name, input)
    return { PolicyNames: found.items.map((policy) => policy.name), ...found.mark }
  },
}
