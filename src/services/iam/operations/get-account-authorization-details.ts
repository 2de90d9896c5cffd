import { globalScopeOf, instanceProfiles, managedPolicies } from '../../../identity/records.ts'
import type { Operation } from '../../../wire/service.ts'
import { groupDetail, policyDetail, roleDetail, userDetail } from '../authorization-details.ts'
import { awsPolicies } from '../aws-policies.ts'
import { allHolders, attachedArns } from '../holders.ts'
import { pageOfKinds } from '../paging.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

/** Of AWS's own policies those that are attached to anyone. */
export const getAccountAuthorizationDetails: Operation<
  IamOperations,
  'GetAccountAuthorizationDetails',
  IamDeps
> = {
  accepts: { Filter: true, Marker: true, MaxItems: true },
  async handle(input, { scope }, deps) {
    const { store } = deps.identity.context
    const at = globalScopeOf(scope)
    const holders = await allHolders(store, scope)
    const attached = await attachedArns(store, scope)
    const own = (await store.list(managedPolicies, at)).map(({ value }) => value)
    const found = pageOfKinds(
      {
        User: holders.users,
        Group: holders.groups,
        Role: holders.roles,
        LocalManagedPolicy: own,
        AWSManagedPolicy: awsPolicies.filter(({ arn }) => attached.has(arn)),
      },
      input,
    )
    const profiles = (await store.list(instanceProfiles, at)).map(({ value }) => value)
    const policies = [...found.items.LocalManagedPolicy, ...found.items.AWSManagedPolicy]
    return {
      UserDetailList: found.items.User.map((user) => userDetail(user, holders.groups)),
      GroupDetailList: found.items.Group.map(groupDetail),
      RoleDetailList: await Promise.all(
        found.items.Role.map((role) => roleDetail(deps, scope, role, profiles)),
      ),
      Policies: await Promise.all(policies.map((policy) => policyDetail(deps, scope, policy))),
      ...found.mark,
    }
  },
}
