import { keyPendingDeletion } from '../errors.ts'
import { changeKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const disableKey: KmsOperation<'DisableKey'> = {
  accepts: { KeyId: true },
  async handle(input, { scope }, deps) {
    await changeKey(deps, scope, input.KeyId, (key) => {
      if (key.deletionAt !== undefined) throw keyPendingDeletion(key.arn)
      return { ...key, isEnabled: false }
    })
    return {}
  },
}
