import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { profileEntities, profileShape } from '../instance-profiles.ts'

export const getInstanceProfile: Operation<IamOperations, 'GetInstanceProfile', IamDeps> = {
  accepts: { InstanceProfileName: true },
  async handle(input, request, deps) {
    const { value } = await profileEntities.named(deps, request.scope, input.InstanceProfileName)
    return { InstanceProfile: await profileShape(deps, request.scope, value) }
  },
}
