import { empty, is } from '../../../wire/accept.ts'
import { encrypt as encryptUnder } from '../ciphertext.ts'
import { validationError } from '../errors.ts'
import { usableKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

/** KMS's own limit; larger things are encrypted under a data key. */
const plaintextBytesMax = 4096

export const encrypt: KmsOperation<'Encrypt'> = {
  accepts: {
    KeyId: true,
    Plaintext: true,
    EncryptionContext: true,
    GrantTokens: empty,
    EncryptionAlgorithm: is('SYMMETRIC_DEFAULT'),
    DryRun: is(false),
  },
  async handle(input, { scope }, deps) {
    const text = input.Plaintext ?? new Uint8Array()
    if (text.length === 0 || text.length > plaintextBytesMax) {
      throw validationError(`Plaintext must have between 1 and ${plaintextBytesMax} bytes`)
    }
    const { key, material } = await usableKey(deps, scope, input.KeyId)
    const by = { keyId: key.keyId, material }
    return {
      CiphertextBlob: encryptUnder(by, text, input.EncryptionContext, deps.random),
      KeyId: key.arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
    }
  },
}
