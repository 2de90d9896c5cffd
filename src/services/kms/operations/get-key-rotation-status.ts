import { needKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

/** No key is rotated here, and this says so. */
export const getKeyRotationStatus: KmsOperation<'GetKeyRotationStatus'> = {
  accepts: { KeyId: true },
  async handle(input, { scope }, deps) {
    const { value } = await needKey(deps, scope, input.KeyId)
    return { KeyRotationEnabled: false, KeyId: value.arn }
  },
}
