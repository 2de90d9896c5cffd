import { withoutTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userEntities } from '../users.ts'

export const untagUser: Operation<IamOperations, 'UntagUser', IamDeps> = {
  accepts: { UserName: true, TagKeys: true },
  async handle(input, request, deps) {
    const keys = input.TagKeys ?? []
    await userEntities.change(deps, request.scope, input.UserName, (user) => ({
      ...user,
      tags: withoutTags(user.tags, keys),
    }))
    return {}
  },
}
