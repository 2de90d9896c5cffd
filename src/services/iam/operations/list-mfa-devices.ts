import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userOrCaller } from '../access-keys.ts'
import { userEntities } from '../users.ts'

/** None: nobody has one. */
export const listMFADevices: Operation<IamOperations, 'ListMFADevices', IamDeps> = {
  accepts: { UserName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const name = userOrCaller(input.UserName, request)
    if (name !== undefined) await userEntities.named(deps, request.scope, name)
    return { MFADevices: [], IsTruncated: false }
  },
}
