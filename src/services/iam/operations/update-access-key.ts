import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userOrCaller, accessKeyNamed } from '../access-keys.ts'
import { validationError } from '../errors.ts'

export const updateAccessKey: Operation<IamOperations, 'UpdateAccessKey', IamDeps> = {
  accepts: { UserName: true, AccessKeyId: true, Status: true },
  async handle(input, request, deps) {
    const name = userOrCaller(input.UserName, request)
    const status = input.Status
    if (status !== 'Active' && status !== 'Inactive') {
      throw validationError('Status is Active or Inactive')
    }
    const key = await accessKeyNamed(deps, request.scope, name, input.AccessKeyId)
    await deps.identity.context.store.update(key, { ...key.value, status })
    return {}
  },
}
