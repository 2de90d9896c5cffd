import { createPrivateKey, sign, verify, X509Certificate } from 'node:crypto'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { globalRegion, type Scope } from '../kernel/scope.ts'
import { kindOf, RecordExists } from '../store/records.ts'
import {
  certificateAuthority,
  issueCertificate,
  type KeyedCertificate,
} from './certificate-authority.ts'
import {
  context as tagged,
  contentsOf,
  integer,
  nothing,
  objectIdentifier,
  octets,
  sequence,
  set,
} from './distinguished-encoding.ts'

/** What vouches for a document: all base64 in lines, as the instance metadata service of EC2 gives them. */
export interface DocumentSignatures {
  /** RSA with SHA-256 over the document. */
  readonly signature: string
  /** CMS SignedData with the document and the signer's certificate in it. */
  readonly pkcs7: string
}

export interface DocumentSigner {
  /** Signs with the key as it is now. */
  opened(): Promise<(document: string) => DocumentSignatures>
  /** Whether the signature over a document is ours. */
  verify(document: string, signature: string): Promise<boolean>
}

const signers = kindOf<KeyedCertificate>('identity/document-signer')
const place: { scope: Scope; id: string } = {
  scope: { account: globalRegion, region: globalRegion },
  id: 'instances',
}
const dayMilliseconds = 24 * 3600 * 1000
const lifeDays = 20 * 365
/** Documents change seldom, and configuration is drawn often. */
const rememberedMax = 10_000

type SignerContext = Pick<EngineContext, 'store' | 'clock' | 'random'>

/** Signs instance identity documents with a key of the installation, whose certificate its own authority issued at first use. */
export function createDocumentSigner(context: SignerContext): DocumentSigner {
  const remembered = new Map<string, DocumentSignatures>()
  let rememberedOf = ''
  return {
    async opened() {
      const keyed = await ensureSigner(context)
      if (rememberedOf !== keyed.pem || remembered.size >= rememberedMax) remembered.clear()
      rememberedOf = keyed.pem
      return (document) => {
        const known = remembered.get(document)
        if (known) return known
        const made = signed(keyed, Buffer.from(document))
        remembered.set(document, made)
        return made
      }
    },
    async verify(document, signature) {
      const { publicKey } = new X509Certificate((await ensureSigner(context)).pem)
      return verify('sha256', Buffer.from(document), publicKey, Buffer.from(signature, 'base64'))
    },
  }
}

async function ensureSigner(context: SignerContext): Promise<KeyedCertificate> {
  const { store, clock, random } = context
  const known = await store.find(signers, place.scope, place.id)
  if (known) return known.value
  const now = clock.now()
  const authority = await certificateAuthority(store, now, random)
  const order = {
    names: ['instance-identity.evenkeel.internal'],
    keyAlgorithm: 'RSA_2048',
    notBefore: now - dayMilliseconds,
    notAfter: now + lifeDays * dayMilliseconds,
  } as const
  const made = await issueCertificate(authority, order, random)
  try {
    return (await store.insert(signers, place, made)).value
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    return ensureSigner(context)
  }
}

const sha256 = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'), nothing)
const rsa = sequence(objectIdentifier('1.2.840.113549.1.1.1'), nothing)
const plainContent = objectIdentifier('1.2.840.113549.1.7.1')
const signedContent = objectIdentifier('1.2.840.113549.1.7.2')
const one = integer(Buffer.from([1]))

/** RFC 5652 without signed attributes: the signature is over the content itself. */
function signed({ pem, privateKey }: KeyedCertificate, content: Buffer): DocumentSignatures {
  const signature = sign('sha256', content, createPrivateKey(privateKey))
  const certificate = new X509Certificate(pem).raw
  const signer = sequence(one, issuerAndSerial(certificate), sha256, rsa, octets(signature))
  const cms = sequence(
    signedContent,
    tagged(
      0,
      sequence(
        one,
        set(sha256),
        sequence(plainContent, tagged(0, octets(content))),
        tagged(0, certificate),
        set(signer),
      ),
    ),
  )
  return { signature: inLines(signature), pkcs7: inLines(cms) }
}

/** Of a certificate: version, serial number, algorithm, issuer and so on, in this order. */
function issuerAndSerial(certificate: Buffer): Buffer {
  const [toBeSigned = Buffer.alloc(0)] = contentsOf(certificate)
  const [, serial = Buffer.alloc(0), , issuer = Buffer.alloc(0)] = contentsOf(toBeSigned)
  return sequence(issuer, serial)
}

function inLines(bytes: Buffer): string {
  return (bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')
}
