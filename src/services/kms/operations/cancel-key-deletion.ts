import { keyNotPendingDeletion } from '../errors.ts'
import { changeKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

/** The key is disabled then, as on AWS. */
export const cancelKeyDeletion: KmsOperation<'CancelKeyDeletion'> = {
  accepts: { KeyId: true },
  async handle(input, { scope }, deps) {
    const key = await changeKey(deps, scope, input.KeyId, ({ deletionAt, ...value }) => {
      if (deletionAt === undefined) throw keyNotPendingDeletion(value.arn)
      return value
    })
    return { KeyId: key.arn }
  },
}
