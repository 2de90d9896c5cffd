import type { Operation } from '../../../wire/service.ts'
import { groupOf } from '../identify.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const putLogGroupDeletionProtection: Operation<
  LogsOperations,
  'PutLogGroupDeletionProtection',
  LogsServiceDeps
> = {
  accepts: { logGroupIdentifier: true, deletionProtectionEnabled: true },
  async handle({ logGroupIdentifier, deletionProtectionEnabled = false }, { scope }, deps) {
    const { name } = await groupOf(deps, scope, { logGroupIdentifier })
    await deps.logs.groups.change(scope, name, (group) => ({
      ...group,
      isProtected: deletionProtectionEnabled,
    }))
    return {}
  },
}
