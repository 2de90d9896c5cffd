import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

/** None: an account has no second name here. */
export const listAccountAliases: Operation<IamOperations, 'ListAccountAliases', IamDeps> = {
  accepts: { Marker: true, MaxItems: true },
  async handle() {
    return { AccountAliases: [], IsTruncated: false }
  },
}
