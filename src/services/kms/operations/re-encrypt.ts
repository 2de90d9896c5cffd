import { empty, is } from '../../../wire/accept.ts'
import { decrypt, encrypt, keyIdIn } from '../ciphertext.ts'
import { incorrectKey } from '../errors.ts'
import { needKey, usableKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const reEncrypt: KmsOperation<'ReEncrypt'> = {
  accepts: {
    CiphertextBlob: true,
    SourceEncryptionContext: true,
    SourceKeyId: true,
    DestinationKeyId: true,
    DestinationEncryptionContext: true,
    SourceEncryptionAlgorithm: is('SYMMETRIC_DEFAULT'),
    DestinationEncryptionAlgorithm: is('SYMMETRIC_DEFAULT'),
    GrantTokens: empty,
    DryRun: is(false),
  },
  async handle(input, { scope }, deps) {
    const blob = input.CiphertextBlob ?? new Uint8Array()
    const source = await usableKey(deps, scope, keyIdIn(blob))
    if (input.SourceKeyId !== undefined) {
      const { value: named } = await needKey(deps, scope, input.SourceKeyId)
      if (named.keyId !== source.key.keyId) throw incorrectKey()
    }
    const text = decrypt(source.material, blob, input.SourceEncryptionContext)
    const { key, material } = await usableKey(deps, scope, input.DestinationKeyId)
    const by = { keyId: key.keyId, material }
    return {
      CiphertextBlob: encrypt(by, text, input.DestinationEncryptionContext, deps.random),
      SourceKeyId: source.key.arn,
      KeyId: key.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
    }
  },
}
