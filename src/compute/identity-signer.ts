import {
  constants,
  generateKeyPair,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import { globalRegion } from '../kernel/scope.ts'
import { kindOf, RecordExists, type Store } from '../store/records.ts'

/**
 * Signs the identity documents of instances (`dynamic/instance-identity/document`), so that whoever is shown one can tell that this
 * installation wrote it. As EC2: RSA with SHA-256, PKCS#1 v1.5, in base64.
 */
export interface IdentitySigner {
  /** Signs with the key as it is now. */
  opened(): Promise<(document: string) => string>
  verify(document: string, signature: string): Promise<boolean>
}

/** PEM, PKCS#8. */
const identityKeys = kindOf<{ readonly privateKey: string }>('compute/identity-key')
const place = { scope: { account: globalRegion, region: globalRegion }, id: 'instances' }
const makeKeys = promisify(generateKeyPair)
const modulusLength = 2048
/** Documents change seldom, and configuration is drawn often. */
const rememberedMax = 10_000

/** The installation's own key, made at first use; of two servers at their first use, one makes it. */
export function createIdentitySigner(store: Store): IdentitySigner {
  const remembered = new Map<string, string>()
  let rememberedOf = ''
  const padding = constants.RSA_PKCS1_PADDING

  async function privateKeyText(): Promise<string> {
    const known = await store.find(identityKeys, place.scope, place.id)
    if (known) return known.value.privateKey
    const { privateKey } = await makeKeys('rsa', {
      modulusLength,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    try {
      await store.insert(identityKeys, place, { privateKey })
      return privateKey
    } catch (thrown) {
      if (thrown instanceof RecordExists) return privateKeyText()
      throw thrown
    }
  }
  return {
    async opened() {
      const text = await privateKeyText()
      const key = createPrivateKey(text)
      if (rememberedOf !== text || remembered.size >= rememberedMax) remembered.clear()
      rememberedOf = text
      return (document) => {
        const known = remembered.get(document)
        if (known !== undefined) return known
        const signature = sign('sha256', Buffer.from(document), { key, padding }).toString('base64')
        remembered.set(document, signature)
        return signature
      }
    },
    async verify(document, signature) {
      const key = createPublicKey(await privateKeyText())
      const bytes = Buffer.from(signature, 'base64')
      return verify('sha256', Buffer.from(document), { key, padding }, bytes)
    },
  }
}
