import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { userEntities } from '../users.ts'

export const listUserTags: Operation<IamOperations, 'ListUserTags', IamDeps> = {
  accepts: { UserName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: user } = await userEntities.named(deps, request.scope, input.UserName)
    const found = page(user.tags, (tag) => tag.Key, input)
    return { Tags: [...found.items], ...found.mark }
  },
}
