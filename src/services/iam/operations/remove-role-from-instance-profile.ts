import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { removeRole as takeRole } from '../instance-profiles.ts'

export const removeRoleFromInstanceProfile: Operation<
  IamOperations,
  'RemoveRoleFromInstanceProfile',
  IamDeps
> = {
  accepts: { InstanceProfileName: true, RoleName: true },
  async handle(input, request, deps) {
    await takeRole(deps, request.scope, input.InstanceProfileName, input.RoleName)
    return {}
  },
}
