import { createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { globalRegion, type Scope } from '../kernel/scope.ts'
import { kindOf, RecordExists, type Store } from '../store/records.ts'
import {
  bits,
  context,
  integer,
  nothing,
  objectIdentifier,
  octets,
  sequence,
  set,
  text,
  time,
} from '../identity/distinguished-encoding.ts'

/** The installation's own key and certificate, made at first use. PEM, PKCS#8; base64 DER. */
export interface SigningIdentity {
  readonly privateKey: string
  readonly certificate: string
}

const identities = kindOf<SigningIdentity>('deploy/signing-identity')
const place: { scope: Scope; id: string } = {
  scope: { account: globalRegion, region: globalRegion },
  id: 'specifications',
}

/** The stored identity; of two servers at their first start, one makes it. */
export async function signingIdentity(store: Store, now: number): Promise<SigningIdentity> {
  const known = await store.find(identities, place.scope, place.id)
  if (known) return known.value
  try {
    return (await store.insert(identities, place, newIdentity(now))).value
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    return signingIdentity(store, now)
  }
}

const sha256WithRsa = sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing)
const rsa = sequence(objectIdentifier('1.2.840.113549.1.1.1'), nothing)
const sha256 = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'), nothing)
const commonName = objectIdentifier('2.5.4.3')
const serial = integer(Buffer.from([1]))
const issuer = sequence(set(sequence(commonName, text('Evenkeel deployment specifications'))))

const validMilliseconds = 100 * 365.25 * 24 * 3600 * 1000

/** A self-signed certificate: agents take the signer from the message and ask nobody else (fact sheet §1.6). */
export function newIdentity(now: number): SigningIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const content = sequence(
    context(0, integer(Buffer.from([2]))),
    serial,
    sha256WithRsa,
    issuer,
    sequence(time(now - 24 * 3600 * 1000), time(now + validMilliseconds)),
    issuer,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const certificate = sequence(content, sha256WithRsa, bits(sign('sha256', content, privateKey)))
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: new X509Certificate(certificate).raw.toString('base64'),
  }
}

/** PKCS#7 SignedData in PEM that carries the content and the signer's certificate: format `PKCS7/JSON`. */
export function signedEnvelope(content: string, identity: SigningIdentity): string {
  const bytes = Buffer.from(content)
  const signature = sign('sha256', bytes, createPrivateKey(identity.privateKey))
  const one = integer(Buffer.from([1]))
  const signer = sequence(one, sequence(issuer, serial), sha256, rsa, octets(signature))
  const signed = sequence(
    one,
    set(sha256),
    sequence(objectIdentifier('1.2.840.113549.1.7.1'), context(0, octets(bytes))),
    context(0, Buffer.from(identity.certificate, 'base64')),
    set(signer),
  )
  const message = sequence(objectIdentifier('1.2.840.113549.1.7.2'), context(0, signed))
  const lines = message.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN PKCS7-----\n${lines.join('\n')}\n-----END PKCS7-----\n`
}
