import { withTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userEntities } from '../users.ts'
import { checkTags } from '../names.ts'

export const tagUser: Operation<IamOperations, 'TagUser', IamDeps> = {
  accepts: { UserName: true, Tags: { Key: true, Value: true } },
  async handle(input, request, deps) {
    const tags = checkTags(input.Tags)
    await userEntities.change(deps, request.scope, input.UserName, (user) => ({
      ...user,
      tags: withTags(user.tags, tags),
    }))
    return {}
  },
}
