import type { Scope } from '../../kernel/scope.ts'
import { encrypt, type EncryptionContext } from './ciphertext.ts'
import { validationError } from './errors.ts'
import { usableKey } from './keys.ts'
import type { KmsDeps } from './service-deps.ts'

export interface KeyWish {
  readonly KeyId?: string | undefined
  readonly KeySpec?: string | undefined
  readonly NumberOfBytes?: number | undefined
  readonly EncryptionContext?: EncryptionContext | undefined
}

/** A key of chance, and the same encrypted under the named key. */
export async function generatedKey(deps: KmsDeps, scope: Scope, wish: KeyWish) {
  const { KeySpec, NumberOfBytes } = wish
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw validationError('Please specify either number of bytes or key spec.')
  }
  const bytes = NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32)
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > 1024) {
    throw validationError('NumberOfBytes must be between 1 and 1024')
  }
  const { key, material } = await usableKey(deps, scope, wish.KeyId)
  const Plaintext = Buffer.from(deps.random.hex(bytes), 'hex')
  const by = { keyId: key.keyId, material }
  const CiphertextBlob = encrypt(by, Plaintext, wish.EncryptionContext, deps.random)
  return { Plaintext, CiphertextBlob, KeyId: key.arn }
}
