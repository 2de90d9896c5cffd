import type { KeyPairInfo } from '@aws-sdk/client-ec2'
import type { KeyPair } from '../../compute/key-pairs.ts'

export function keyPairView(pair: KeyPair): KeyPairInfo {
  return {
    KeyPairId: pair.keyPairId,
    KeyName: pair.name,
    KeyType: pair.type,
    KeyFingerprint: pair.fingerprint,
    CreateTime: new Date(pair.createdAt),
    Tags: [...pair.tags],
  }
}
