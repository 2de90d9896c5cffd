import { createHash, createPrivateKey, sign, X509Certificate, type KeyObject } from 'node:crypto'
import {
  certificateAuthority,
  issueCertificate,
  type KeyedCertificate,
} from '../identity/certificate-authority.ts'
import { globalRegion } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { kindOf, RecordExists } from '../store/records.ts'
import type { SignatureVersion } from './domain/envelope.ts'

const signers = kindOf<KeyedCertificate>('topics/message-signer')
const scope = { account: globalRegion, region: globalRegion }
const dayMilliseconds = 24 * 3600 * 1000
const lifeDays = 20 * 365

export interface OpenSigner {
  readonly pem: string
  /** `/SimpleNotificationService-<digest of the certificate>.pem`: another key has another address. */
  readonly path: string
  sign(text: string, version: SignatureVersion): string
}

/** Signs messages with a key of the installation, whose certificate its own authority issued at first use. */
export class MessageSigner {
  readonly #context: Pick<EngineContext, 'store' | 'clock' | 'random'>
  #opened: { readonly pem: string; readonly signer: OpenSigner } | undefined

  constructor(context: Pick<EngineContext, 'store' | 'clock' | 'random'>) {
    this.#context = context
  }

  /** With the key as it is now: a reset makes another one. */
  async open(): Promise<OpenSigner> {
    const keyed = await this.#ensure()
    if (this.#opened?.pem !== keyed.pem) {
      this.#opened = { pem: keyed.pem, signer: signerOf(keyed) }
    }
    return this.#opened.signer
  }

  async #ensure(): Promise<KeyedCertificate> {
    const { store, clock, random } = this.#context
    const known = await store.find(signers, scope, 'messages')
    if (known) return known.value
    const now = clock.now()
    const authority = await certificateAuthority(store, now, random)
    const order = {
      names: ['sns.evenkeel.internal'],
      keyAlgorithm: 'RSA_2048',
      notBefore: now - dayMilliseconds,
      notAfter: now + lifeDays * dayMilliseconds,
    } as const
    const made = await issueCertificate(authority, order, random)
    try {
      return (await store.insert(signers, { scope, id: 'messages' }, made)).value
    } catch (thrown) {
      if (!(thrown instanceof RecordExists)) throw thrown
      return this.#ensure()
    }
  }
}

function signerOf({ pem, privateKey }: KeyedCertificate): OpenSigner {
  const key: KeyObject = createPrivateKey(privateKey)
  const digest = createHash('md5').update(new X509Certificate(pem).raw).digest('hex')
  return {
    pem,
    path: `/SimpleNotificationService-${digest}.pem`,
    sign: (text, version) =>
      sign(version === '2' ? 'sha256' : 'sha1', Buffer.from(text), key).toString('base64'),
  }
}
