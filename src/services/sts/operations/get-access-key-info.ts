import type { Operation } from '../../../wire/service.ts'
import { invalidKeyId } from '../errors.ts'
import type { StsDeps, StsOperations } from '../service-deps.ts'

export const getAccessKeyInfo: Operation<StsOperations, 'GetAccessKeyInfo', StsDeps> = {
  accepts: { AccessKeyId: true },
  async handle(input, _request, deps) {
    const found = await deps.identity.credentials.find(input.AccessKeyId ?? '')
    if (!found) throw invalidKeyId()
    return { Account: found.principal.account }
  },
}
