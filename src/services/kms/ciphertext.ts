import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../../kernel/random.ts'
import { invalidCiphertext } from './errors.ts'

export type EncryptionContext = Readonly<Record<string, string>>

const version = 1
const idBytes = 16
const ivBytes = 12
const tagBytes = 16
const headBytes = 1 + idBytes + ivBytes + tagBytes

/** `version ‖ key id ‖ iv ‖ tag ‖ AES-256-GCM`: it names its own key, as KMS's do. The context is authenticated, not kept. */
export function encrypt(
  { keyId, material }: { readonly keyId: string; readonly material: Buffer },
  text: Uint8Array,
  context: EncryptionContext | undefined,
  random: Random,
): Buffer {
  const iv = Buffer.from(random.hex(ivBytes), 'hex')
  const cipher = createCipheriv('aes-256-gcm', material, iv).setAAD(boundTo(context))
  const bytes = Buffer.concat([cipher.update(text), cipher.final()])
  const id = Buffer.from(keyId.replaceAll('-', ''), 'hex')
  return Buffer.concat([Buffer.of(version), id, iv, cipher.getAuthTag(), bytes])
}

/** The id of the key that it was encrypted under. */
export function keyIdIn(blob: Uint8Array): string {
  if (blob.length < headBytes || blob[0] !== version) throw invalidCiphertext()
  const hex = Buffer.from(blob.subarray(1, 1 + idBytes)).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function decrypt(
  material: Buffer,
  blob: Uint8Array,
  context: EncryptionContext | undefined,
): Buffer {
  const iv = blob.subarray(1 + idBytes, 1 + idBytes + ivBytes)
  const tag = blob.subarray(1 + idBytes + ivBytes, headBytes)
  try {
    const decipher = createDecipheriv('aes-256-gcm', material, iv)
      .setAAD(boundTo(context))
      .setAuthTag(tag)
    return Buffer.concat([decipher.update(blob.subarray(headBytes)), decipher.final()])
  } catch {
    throw invalidCiphertext()
  }
}

/** The same for the same pairs in whatever order. */
function boundTo(context: EncryptionContext = {}): Buffer {
  const pairs = Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.from(JSON.stringify(pairs))
}
