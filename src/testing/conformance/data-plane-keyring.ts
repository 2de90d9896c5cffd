import {
  certificateAuthority,
  issueCertificate,
  type KeyedCertificate,
} from '../../identity/certificate-authority.ts'
import { systemRandom } from '../../kernel/system/random.ts'
import type { TlsSpec } from '../../protocol/gateway.ts'
import { memoryStore } from '../memory-store.ts'

/** Certificates of an authority of its own. */
export interface Keyring {
  readonly authority: KeyedCertificate
  of(...names: string[]): Promise<TlsSpec['certificates'][number]>
}

export async function openKeyring(): Promise<Keyring> {
  const random = systemRandom
  const now = Date.now()
  const authority = await certificateAuthority(memoryStore(), now, random)
  return {
    authority,
    async of(...names) {
      const order = { names, keyAlgorithm: 'EC_prime256v1', notBefore: now, notAfter: now + 1e9 }
      const made = await issueCertificate(
        authority,
        { ...order, keyAlgorithm: 'EC_prime256v1' },
        random,
      )
      return { names, certificate: made.pem, privateKey: made.privateKey }
    },
  }
}
