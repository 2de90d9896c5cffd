import { is } from '../../../wire/accept.ts'
import { newKey } from '../key-material.ts'
import { keepKeyPair } from '../key-pair-record.ts'
import { invalidParameterValue } from '../errors.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const createKeyPair: Ec2Operation<'CreateKeyPair'> = {
  accepts: {
    KeyName: true,
    KeyType: true,
    KeyFormat: is('pem'),
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, deps) {
    const name = required(input.KeyName, 'KeyName')
    const type = input.KeyType ?? 'rsa'
    if (type !== 'rsa' && type !== 'ed25519') throw invalidParameterValue(type, 'KeyType')
    const { privateKey, ...key } = await newKey(type)
    const tags = tagsFor('key-pair', input.TagSpecifications)
    const pair = await keepKeyPair(deps, scope, { ...key, name, tags })
    return {
      KeyName: pair.name,
      KeyPairId: pair.keyPairId,
      KeyFingerprint: pair.fingerprint,
      KeyMaterial: privateKey,
      Tags: [...pair.tags],
    }
  },
}
