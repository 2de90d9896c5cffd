import { changeKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const updateKeyDescription: KmsOperation<'UpdateKeyDescription'> = {
  accepts: { KeyId: true, Description: true },
  async handle(input, { scope }, deps) {
    const description = input.Description ?? ''
    await changeKey(deps, scope, input.KeyId, (key) => ({ ...key, description }))
    return {}
  },
}
