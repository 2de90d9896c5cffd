import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { deleteProfile } from '../instance-profiles.ts'

export const deleteInstanceProfile: Operation<IamOperations, 'DeleteInstanceProfile', IamDeps> = {
  accepts: { InstanceProfileName: true },
  async handle(input, request, deps) {
    await deleteProfile(deps, request.scope, input.InstanceProfileName)
    return {}
  },
}
