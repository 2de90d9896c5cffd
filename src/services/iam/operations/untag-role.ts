import { withoutTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { roleEntities } from '../roles.ts'

export const untagRole: Operation<IamOperations, 'UntagRole', IamDeps> = {
  accepts: { RoleName: true, TagKeys: true },
  async handle(input, request, deps) {
    const keys = input.TagKeys ?? []
    await roleEntities.change(deps, request.scope, input.RoleName, (role) => ({
      ...role,
      tags: withoutTags(role.tags, keys),
    }))
    return {}
  },
}
