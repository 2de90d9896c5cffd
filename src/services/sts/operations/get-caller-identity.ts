import type { Operation } from '../../../wire/service.ts'
import type { StsDeps, StsOperations } from '../service-deps.ts'

export const getCallerIdentity: Operation<StsOperations, 'GetCallerIdentity', StsDeps> = {
  accepts: {},
  async handle(_input, request) {
    const { userId, account, arn } = request.principal
    return { UserId: userId, Account: account, Arn: arn }
  },
}
