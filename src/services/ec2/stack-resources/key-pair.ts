import { keyPairs } from '../../../compute/key-pairs.ts'
import { invalidKeyFormat } from '../errors.ts'
import { importedKey } from '../key-material.ts'
import { keepKeyPair } from '../key-pair-record.ts'
import { requiredText, stackTags, tagProperties, type Ec2ResourceType } from '../stack-call.ts'

/** Only with a public key of one's own: where EC2 would put a private key (Systems Manager) is not here. */
export const keyPairType: Ec2ResourceType = {
  name: 'AWS::EC2::KeyPair',
  properties: { KeyName: 'string', PublicKeyMaterial: 'string', Tags: tagProperties },
  required: ['KeyName', 'PublicKeyMaterial'],
  attributes: ['KeyPairId', 'KeyFingerprint'],
  replaceOn: ['KeyName', 'PublicKeyMaterial', 'Tags'],
  async create(properties, context, deps) {
    const name = requiredText(properties, 'KeyName')
    const key = importedKey(requiredText(properties, 'PublicKeyMaterial'))
    if (!key) throw invalidKeyFormat()
    const known = (await deps.store.find(keyPairs, context.scope, name))?.value
    const isOurs = known?.tags.some((tag) => tag.Value === context.stackId) === true
    const tags = stackTags(properties, context)
    const pair = isOurs ? known : await keepKeyPair(deps, context.scope, { ...key, name, tags })
    await context.started(name)
    const attributes = { KeyPairId: pair?.keyPairId, KeyFingerprint: pair?.fingerprint }
    return { physicalId: name, attributes }
  },
  async remove({ physicalId }, { scope }, { store }) {
    const pair = await store.find(keyPairs, scope, physicalId)
    if (pair) await store.remove(pair)
  },
}
