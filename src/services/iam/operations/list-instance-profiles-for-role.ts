import { globalScopeOf, instanceProfiles } from '../../../identity/records.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { profileShape } from '../instance-profiles.ts'
import { roleEntities } from '../roles.ts'

export const listInstanceProfilesForRole: Operation<
  IamOperations,
  'ListInstanceProfilesForRole',
  IamDeps
> = {
  accepts: { RoleName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: role } = await roleEntities.named(deps, request.scope, input.RoleName)
    const { store } = deps.identity.context
    const records = await store.list(instanceProfiles, globalScopeOf(request.scope))
    const chosen = records
      .map((record) => record.value)
      .filter((profile) => profile.roleName === role.roleName)
    const found = page(chosen, (profile) => profile.name, input)
    return {
      InstanceProfiles: await Promise.all(
        found.items.map((profile) => profileShape(deps, request.scope, profile)),
      ),
      ...found.mark,
    }
  },
}
