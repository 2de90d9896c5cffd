import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import { globalRegion, type Scope } from '../kernel/scope.ts'
import type { Random } from '../kernel/random.ts'
import { kindOf, RecordExists, type Store } from '../store/records.ts'
import {
  bits,
  context,
  implicit,
  integer,
  objectIdentifier,
  octets,
  sequence,
  set,
  text,
  truth,
  validityTime,
} from './distinguished-encoding.ts'

/** A certificate and its key, both PEM; the key is PKCS#8. */
export interface KeyedCertificate {
  readonly pem: string
  readonly privateKey: string
}

export type KeyAlgorithm = 'RSA_2048' | 'EC_prime256v1'

export interface CertificateOrder {
  /** The first one is the subject's common name. */
  readonly names: readonly string[]
  readonly keyAlgorithm: KeyAlgorithm
  readonly notBefore: number
  readonly notAfter: number
}

const authorities = kindOf<KeyedCertificate>('identity/certificate-authority')
const place: { scope: Scope; id: string } = {
  scope: { account: globalRegion, region: globalRegion },
  id: 'sites',
}

const dayMilliseconds = 24 * 3600 * 1000
const authorityYears = 20
const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))
const commonName = objectIdentifier('2.5.4.3')
const makeKeys = promisify(generateKeyPair)

/** The installation's own authority, made at first use; of two servers at their first use, one makes it. */
export async function certificateAuthority(
  store: Store,
  now: number,
  random: Random,
): Promise<KeyedCertificate> {
  const known = await store.find(authorities, place.scope, place.id)
  if (known) return known.value
  try {
    return (await store.insert(authorities, place, await newAuthority(now, random))).value
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    return certificateAuthority(store, now, random)
  }
}

async function newAuthority(now: number, random: Random): Promise<KeyedCertificate> {
  const { privateKey, publicKey } = await makeKeys('ec', { namedCurve: 'prime256v1' })
  const name = `Evenkeel local authority ${random.hex(4)}`
  const pem = certificatePem({
    serial: random.hex(16),
    issuer: name,
    subject: name,
    notBefore: now - dayMilliseconds,
    notAfter: now + authorityYears * 365.25 * dayMilliseconds,
    publicKey,
    signer: privateKey,
    extensions: [
      extension('2.5.29.19', sequence(truth), true),
      // keyCertSign and cRLSign.
      extension('2.5.29.15', Buffer.from([3, 2, 1, 0x06]), true),
      extension('2.5.29.14', octets(keyIdentifier(publicKey))),
    ],
  })
  return { pem, privateKey: pemOf(privateKey) }
}

/** A server's certificate, signed by the authority, with a key of its own. */
export async function issueCertificate(
  authority: KeyedCertificate,
  order: CertificateOrder,
  random: Random,
): Promise<KeyedCertificate> {
  const { privateKey, publicKey } =
    order.keyAlgorithm === 'RSA_2048'
      ? await makeKeys('rsa', { modulusLength: 2048 })
      : await makeKeys('ec', { namedCurve: 'prime256v1' })
  const issuer = new X509Certificate(authority.pem)
  const signer = createPrivateKey(authority.privateKey)
  const names = order.names.map((name) => implicit(2, Buffer.from(name)))
  const pem = certificatePem({
    serial: random.hex(16),
    issuer: issuer.subject.replace(/^CN=/, ''),
    subject: order.names[0] ?? '',
    notBefore: order.notBefore,
    notAfter: order.notAfter,
    publicKey,
    signer,
    extensions: [
      extension('2.5.29.19', sequence(), true),
      // digitalSignature and keyEncipherment.
      extension('2.5.29.15', Buffer.from([3, 2, 5, 0xa0]), true),
      extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', sequence(...names)),
      extension('2.5.29.14', octets(keyIdentifier(publicKey))),
      extension('2.5.29.35', sequence(implicit(0, keyIdentifier(createPublicKey(signer))))),
    ],
  })
  return { pem, privateKey: pemOf(privateKey) }
}

interface Content {
  readonly serial: string
  readonly issuer: string
  readonly subject: string
  readonly notBefore: number
  readonly notAfter: number
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
}

function certificatePem(content: Content): string {
  const signed = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(positive(content.serial)),
    ecdsaWithSha256,
    nameOf(content.issuer),
    sequence(validityTime(content.notBefore), validityTime(content.notAfter)),
    nameOf(content.subject),
    content.publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...content.extensions)),
  )
  const signature = sign('sha256', signed, content.signer)
  return new X509Certificate(sequence(signed, ecdsaWithSha256, bits(signature))).toString()
}

/** The first bit clear and the first byte not zero, so that it is one number in its shortest form. */
function positive(serial: string): Buffer {
  const bytes = Buffer.from(serial, 'hex')
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes
}

function nameOf(name: string): Buffer {
  return sequence(set(sequence(commonName, text(name))))
}

function extension(identifier: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [truth] : []
  return sequence(objectIdentifier(identifier), ...critical, octets(value))
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
