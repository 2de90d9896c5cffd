import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { createProfile, profileShape } from '../instance-profiles.ts'

export const createInstanceProfile: Operation<IamOperations, 'CreateInstanceProfile', IamDeps> = {
  accepts: { InstanceProfileName: true, Path: true, Tags: { Key: true, Value: true } },
  async handle(input, request, deps) {
    const { InstanceProfileName, Path, Tags } = input
    const making = { scope: request.scope }
    const profile = await createProfile(deps, making, { InstanceProfileName, Path, Tags })
    return { InstanceProfile: await profileShape(deps, request.scope, profile) }
  },
}
