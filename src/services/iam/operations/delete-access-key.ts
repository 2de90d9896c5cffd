import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userOrCaller, accessKeyNamed } from '../access-keys.ts'

export const deleteAccessKey: Operation<IamOperations, 'DeleteAccessKey', IamDeps> = {
  accepts: { UserName: true, AccessKeyId: true },
  async handle(input, request, deps) {
    const name = userOrCaller(input.UserName, request)
    const key = await accessKeyNamed(deps, request.scope, name, input.AccessKeyId)
    await deps.identity.context.store.remove(key)
    return {}
  },
}
