import { keyPairs, type KeyPair } from '../../compute/key-pairs.ts'
import { resourceId } from '../../kernel/random.ts'
import type { Scope } from '../../kernel/scope.ts'
import { RecordExists } from '../../store/records.ts'
import type { Ec2Deps } from './deps.ts'
import { keyPairDuplicate } from './errors.ts'

/** Keeps the public half under its name; a name is given once. */
export async function keepKeyPair(
  { store, random, clock }: Ec2Deps,
  scope: Scope,
  key: Omit<KeyPair, 'keyPairId' | 'createdAt'>,
): Promise<KeyPair> {
  const pair = { ...key, keyPairId: resourceId(random, 'key'), createdAt: clock.now() }
  try {
    await store.insert(keyPairs, { scope, id: key.name }, pair)
    return pair
  } catch (thrown) {
    if (thrown instanceof RecordExists) throw keyPairDuplicate(key.name)
    throw thrown
  }
}
