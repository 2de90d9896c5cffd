import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { addRole } from '../instance-profiles.ts'

export const addRoleToInstanceProfile: Operation<
  IamOperations,
  'AddRoleToInstanceProfile',
  IamDeps
> = {
  accepts: { InstanceProfileName: true, RoleName: true },
  async handle(input, request, deps) {
    await addRole(deps, request.scope, input.InstanceProfileName, input.RoleName)
    return {}
  },
}
