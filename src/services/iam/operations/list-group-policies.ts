import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { groupNamed } from '../groups.ts'
import { page } from '../paging.ts'

export const listGroupPolicies: Operation<IamOperations, 'ListGroupPolicies', IamDeps> = {
  accepts: { GroupName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: group } = await groupNamed(deps, request.scope, input.GroupName)
    const found = page(group.inlinePolicies, (policy) => policy.name, input)
    return { PolicyNames: found.items.map((policy) => policy.name), ...found.mark }
  },
}
