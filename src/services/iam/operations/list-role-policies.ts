import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { roleNamed } from '../roles.ts'

export const listRolePolicies: Operation<IamOperations, 'ListRolePolicies', IamDeps> = {
  accepts: { RoleName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: role } = await roleNamed(deps, request.scope, input.RoleName)
    const found = page(role.inlinePolicies, (policy) => policy.name, input)
    return { PolicyNames: found.items.map((policy) => policy.name), ...found.mark }
  },
}
