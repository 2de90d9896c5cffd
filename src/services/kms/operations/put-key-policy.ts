import { is } from '../../../wire/accept.ts'
import { changeKey, checkedPolicy } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

/** Stored and shown: policies are not enforced yet. */
export const putKeyPolicy: KmsOperation<'PutKeyPolicy'> = {
  accepts: {
    KeyId: true,
    PolicyName: is('default'),
    Policy: true,
    BypassPolicyLockoutSafetyCheck: true,
  },
  async handle(input, { scope }, deps) {
    const policy = checkedPolicy(input.Policy ?? '')
    await changeKey(deps, scope, input.KeyId, (key) => ({ ...key, policy }))
    return {}
  },
}
