import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { userOrCaller, accessKeysOf, rootUserName } from '../access-keys.ts'

export const listAccessKeys: Operation<IamOperations, 'ListAccessKeys', IamDeps> = {
  accepts: { UserName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const name = userOrCaller(input.UserName, request)
    const keys = await accessKeysOf(deps, request.scope, name)
    const found = page(keys, (record) => record.id, input)
    return {
      AccessKeyMetadata: found.items.map(({ value }) => ({
        UserName: name ?? rootUserName,
        AccessKeyId: value.accessKeyId,
        Status: value.status,
        CreateDate: new Date(value.createdAt),
      })),
      ...found.mark,
    }
  },
}
