import type { Tag } from '../kernel/tags.ts'
import { kindOf } from '../store/records.ts'

/** A key pair: the public half only. Id: its name. */
export interface KeyPair {
  readonly keyPairId: string
  readonly name: string
  readonly type: 'rsa' | 'ed25519'
  readonly fingerprint: string
  /** As in an authorized_keys file. */
  readonly publicKey: string
  readonly createdAt: number
  readonly tags: readonly Tag[]
}

export const keyPairs = kindOf<KeyPair>('compute/key-pair')
