import { empty, is } from '../../../wire/accept.ts'
import { generatedKey } from '../generated-key.ts'
import type { KmsOperation } from '../service-deps.ts'

export const generateDataKeyWithoutPlaintext: KmsOperation<'GenerateDataKeyWithoutPlaintext'> = {
  accepts: {
    KeyId: true,
    KeySpec: is('AES_128', 'AES_256'),
    NumberOfBytes: true,
    EncryptionContext: true,
    GrantTokens: empty,
    DryRun: is(false),
  },
  async handle(input, { scope }, deps) {
    const { CiphertextBlob, KeyId } = await generatedKey(deps, scope, input)
    return { CiphertextBlob, KeyId }
  },
}
