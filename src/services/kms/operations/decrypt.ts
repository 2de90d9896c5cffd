import { empty, is } from '../../../wire/accept.ts'
import { decrypt as decryptUnder, keyIdIn } from '../ciphertext.ts'
import { incorrectKey } from '../errors.ts'
import { needKey, usableKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const decrypt: KmsOperation<'Decrypt'> = {
  accepts: {
    KeyId: true,
    CiphertextBlob: true,
    EncryptionContext: true,
    GrantTokens: empty,
    EncryptionAlgorithm: is('SYMMETRIC_DEFAULT'),
    DryRun: is(false),
  },
  async handle(input, { scope }, deps) {
    const blob = input.CiphertextBlob ?? new Uint8Array()
    const { key, material } = await usableKey(deps, scope, keyIdIn(blob))
    if (input.KeyId !== undefined) {
      const { value: named } = await needKey(deps, scope, input.KeyId)
      if (named.keyId !== key.keyId) throw incorrectKey()
    }
    return {
      Plaintext: decryptUnder(material, blob, input.EncryptionContext),
      KeyId: key.arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
    }
  },
}
