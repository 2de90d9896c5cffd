import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { roleEntities } from '../roles.ts'

export const listRoleTags: Operation<IamOperations, 'ListRoleTags', IamDeps> = {
  accepts: { RoleName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: role } = await roleEntities.named(deps, request.scope, input.RoleName)
    const found = page(role.tags, (tag) => tag.Key, input)
    return { Tags: [...found.items], ...found.mark }
  },
}
