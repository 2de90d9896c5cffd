import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

export interface NewKey {
  readonly type: 'rsa' | 'ed25519'
  readonly publicKey: string
  readonly fingerprint: string
  /** PEM, given out once. */
  readonly privateKey: string
}

const generate = promisify(generateKeyPair)

/**
 * A key pair as CreateKeyPair gives it. The fingerprint of an RSA key that AWS made is the SHA-1 of its PKCS#8 form, that of an
 * ed25519 key the SHA-256 that ssh-keygen shows.
 */
export async function newKey(type: 'rsa' | 'ed25519'): Promise<NewKey> {
  if (type === 'rsa') {
    const pair = await generate('rsa', { modulusLength: 2048 })
    const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
    return {
      type,
      publicKey: openSshLine('ssh-rsa', rsaBlob(pair.publicKey.export({ format: 'jwk' }))),
      fingerprint: colonHex(createHash('sha1').update(pkcs8).digest()),
      privateKey: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    }
  }
  const pair = await generate('ed25519')
  const jwk = pair.privateKey.export({ format: 'jwk' })
  const publicBytes = Buffer.from(jwk.x ?? '', 'base64url')
  const blob = ed25519Blob(publicBytes)
  return {
    type,
    publicKey: openSshLine('ssh-ed25519', blob),
    fingerprint: sshFingerprint(blob),
    privateKey: openSshPrivateKey(publicBytes, Buffer.from(jwk.d ?? '', 'base64url')),
  }
}

/** What ImportKeyPair keeps of a public key; undefined when it is none that EC2 takes. */
export function importedKey(material: string): Omit<NewKey, 'privateKey'> | undefined {
  const [kind, base64 = ''] = material.trim().split(/\s+/)
  const blob = Buffer.from(base64, 'base64')
  const publicKey = material.trim()
  if (readString(blob, 0)?.toString() !== kind) return undefined
  if (kind === 'ssh-ed25519') {
    return { type: 'ed25519', publicKey, fingerprint: sshFingerprint(blob) }
  }
  if (kind !== 'ssh-rsa') return undefined
  const exponent = readString(blob, 11)
  const modulus = exponent && readString(blob, 15 + exponent.length)
  if (!exponent || !modulus) return undefined
  const jwk = { kty: 'RSA', n: unsigned(modulus), e: unsigned(exponent) }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const der = key.export({ type: 'spki', format: 'der' })
  return { type: 'rsa', publicKey, fingerprint: colonHex(createHash('md5').update(der).digest()) }
}

/** Whether a private key belongs to a public line, for tests of the round trip. */
export function isPairOf(privateKey: string, publicKey: string): boolean {
  const jwk = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' })
  return openSshLine('ssh-rsa', rsaBlob(jwk)) === publicKey
}

function openSshLine(kind: string, blob: Buffer): string {
  return `${kind} ${blob.toString('base64')}`
}

function rsaBlob(jwk: { e?: string; n?: string }): Buffer {
  return Buffer.concat([
    sshString(Buffer.from('ssh-rsa')),
    sshString(positive(Buffer.from(jwk.e ?? '', 'base64url'))),
    sshString(positive(Buffer.from(jwk.n ?? '', 'base64url'))),
  ])
}

function ed25519Blob(publicBytes: Buffer): Buffer {
  return Buffer.concat([sshString(Buffer.from('ssh-ed25519')), sshString(publicBytes)])
}

/** OpenSSH reads ed25519 keys only in its own form (PROTOCOL.key of openssh-portable), here without a passphrase. */
function openSshPrivateKey(publicBytes: Buffer, seed: Buffer): string {
  const publicBlob = ed25519Blob(publicBytes)
  const check = createHash('sha256').update(publicBytes).digest().subarray(0, 4)
  const secret = Buffer.concat([
    check,
    check,
    publicBlob,
    sshString(Buffer.concat([seed, publicBytes])),
    sshString(Buffer.alloc(0)),
  ])
  const padding = Buffer.from(
    Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1),
  )
  const none = sshString(Buffer.from('none'))
  const count = Buffer.from([0, 0, 0, 1])
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    none,
    none,
    sshString(Buffer.alloc(0)),
    count,
    sshString(publicBlob),
    sshString(Buffer.concat([secret, padding])),
  ])
  const lines = body.toString('base64').match(/.{1,70}/g) ?? []
  const mark = (word: string) => `-----${word} OPENSSH PRIVATE KEY-----`
  return [mark('BEGIN'), ...lines, mark('END'), ''].join('\n')
}

function sshString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function readString(blob: Buffer, offset: number): Buffer | undefined {
  if (blob.length < offset + 4) return undefined
  const end = offset + 4 + blob.readUInt32BE(offset)
  return end > blob.length ? undefined : blob.subarray(offset + 4, end)
}

/** SSH's numbers are signed: one whose first bit is set gets a zero before it. */
function positive(bytes: Buffer): Buffer {
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
}

function unsigned(bytes: Buffer): string {
  const isPadded = bytes.length > 1 && bytes[0] === 0
  return (isPadded ? bytes.subarray(1) : bytes).toString('base64url')
}

function sshFingerprint(blob: Buffer): string {
  return createHash('sha256').update(blob).digest('base64').replace(/=*$/, '=')
}

function colonHex(bytes: Buffer): string {
  return bytes.toString('hex').replace(/(..)(?=.)/g, '$1:')
}
