import { needKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

/** A key has one policy, and it has one name. */
export const listKeyPolicies: KmsOperation<'ListKeyPolicies'> = {
  accepts: { KeyId: true, Limit: true, Marker: true },
  async handle(input, { scope }, deps) {
    await needKey(deps, scope, input.KeyId)
    return { PolicyNames: ['default'], Truncated: false }
  },
}
