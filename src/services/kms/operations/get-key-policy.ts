import { is } from '../../../wire/accept.ts'
import { needKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const getKeyPolicy: KmsOperation<'GetKeyPolicy'> = {
  accepts: { KeyId: true, PolicyName: is('default') },
  async handle(input, { scope }, deps) {
    const { value } = await needKey(deps, scope, input.KeyId)
    return { Policy: value.policy, PolicyName: 'default' }
  },
}
