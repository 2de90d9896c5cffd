import { importedKey } from '../key-material.ts'
import { keepKeyPair } from '../key-pair-record.ts'
import { invalidKeyFormat } from '../errors.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const importKeyPair: Ec2Operation<'ImportKeyPair'> = {
  accepts: { KeyName: true, PublicKeyMaterial: true, TagSpecifications: tagSpecifications },
  async handle(input, { scope }, deps) {
    const name = required(input.KeyName, 'KeyName')
    const material = required(input.PublicKeyMaterial, 'PublicKeyMaterial')
    const key = importedKey(Buffer.from(material).toString())
    if (!key) throw invalidKeyFormat()
    const tags = tagsFor('key-pair', input.TagSpecifications)
    const pair = await keepKeyPair(deps, scope, { ...key, name, tags })
    return {
      KeyName: pair.name,
      KeyPairId: pair.keyPairId,
      KeyFingerprint: pair.fingerprint,
      Tags: [...pair.tags],
    }
  },
}
