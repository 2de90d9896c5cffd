import {
  accessKeys,
  globalScopeOf,
  instanceProfiles,
  keyScope,
  managedPolicies,
} from '../../../identity/records.ts'
import { serverCertificates } from '../../../identity/server-certificates.ts'
import type { Operation } from '../../../wire/service.ts'
import { keysPerUserMax } from '../access-keys.ts'
import { allHolders } from '../holders.ts'
import { versionsMax } from '../managed-policies.ts'
import { groupsPerUserMax } from '../memberships.ts'
import { attachedMax } from '../policies.ts'
import { certificatesMax } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { keyOwner } from '../users.ts'

/** What there is, and the quotas that hold here. */
export const getAccountSummary: Operation<IamOperations, 'GetAccountSummary', IamDeps> = {
  accepts: {},
  async handle(_input, { scope }, deps) {
    const { store } = deps.identity.context
    const at = globalScopeOf(scope)
    const { users, groups, roles } = await allHolders(store, scope)
    const rootKeys = await store.list(accessKeys, keyScope, { owner: keyOwner(scope, undefined) })
    return {
      SummaryMap: {
        Users: users.length,
        Groups: groups.length,
        Roles: roles.length,
        Policies: (await store.list(managedPolicies, at)).length,
        InstanceProfiles: (await store.list(instanceProfiles, at)).length,
        ServerCertificates: (await store.list(serverCertificates, at)).length,
        ServerCertificatesQuota: certificatesMax,
        GroupsPerUserQuota: groupsPerUserMax,
        AccessKeysPerUserQuota: keysPerUserMax,
        VersionsPerPolicyQuota: versionsMax,
        AttachedPoliciesPerUserQuota: attachedMax,
        AttachedPoliciesPerGroupQuota: attachedMax,
        AttachedPoliciesPerRoleQuota: attachedMax,
        AccountAccessKeysPresent: rootKeys.length > 0 ? 1 : 0,
        ...{
          AccountPasswordPresent: 0,
          AccountMFAEnabled: 0,
          AccountSigningCertificatesPresent: 0,
        },
        ...{ MFADevices: 0, MFADevicesInUse: 0, Providers: 0 },
      },
    }
  },
}
