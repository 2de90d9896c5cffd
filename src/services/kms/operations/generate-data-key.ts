import { empty, is } from '../../../wire/accept.ts'
import { generatedKey } from '../generated-key.ts'
import type { KmsOperation } from '../service-deps.ts'

export const generateDataKey: KmsOperation<'GenerateDataKey'> = {
  accepts: {
    KeyId: true,
    KeySpec: is('AES_128', 'AES_256'),
    NumberOfBytes: true,
    EncryptionContext: true,
    GrantTokens: empty,
    DryRun: is(false),
  },
  async handle(input, { scope }, deps) {
    return generatedKey(deps, scope, input)
  },
}
