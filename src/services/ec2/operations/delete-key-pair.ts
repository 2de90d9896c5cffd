import { keyPairs } from '../../../compute/key-pairs.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteKeyPair: Ec2Operation<'DeleteKeyPair'> = {
  accepts: { KeyName: true, KeyPairId: true },
  async handle(input, { scope }, { store }) {
    const pairs = await store.list(keyPairs, scope)
    const pair = pairs.find(
      ({ value }) => value.name === input.KeyName || value.keyPairId === input.KeyPairId,
    )
    if (pair) await store.remove(pair)
    // Deleting what is not there succeeds, as on EC2.
    return { Return: true, ...(pair && { KeyPairId: pair.value.keyPairId }) }
  },
}
