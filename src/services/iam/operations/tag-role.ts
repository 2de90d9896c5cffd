import { withTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { roleEntities } from '../roles.ts'
import { checkTags } from '../names.ts'

export const tagRole: Operation<IamOperations, 'TagRole', IamDeps> = {
  accepts: { RoleName: true, Tags: { Key: true, Value: true } },
  async handle(input, request, deps) {
    const tags = checkTags(input.Tags)
    await roleEntities.change(deps, request.scope, input.RoleName, (role) => ({
      ...role,
      tags: withTags(role.tags, tags),
    }))
    return {}
  },
}
