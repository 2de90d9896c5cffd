import { is } from '../../../wire/accept.ts'
import { createKey as create, metadataOf, tagsGiven } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const createKey: KmsOperation<'CreateKey'> = {
  accepts: {
    Description: true,
    Policy: true,
    BypassPolicyLockoutSafetyCheck: true,
    KeyUsage: is('ENCRYPT_DECRYPT'),
    KeySpec: is('SYMMETRIC_DEFAULT'),
    CustomerMasterKeySpec: is('SYMMETRIC_DEFAULT'),
    Origin: is('AWS_KMS'),
    MultiRegion: is(false),
    Tags: { TagKey: true, TagValue: true },
  },
  async handle(input, { scope }, deps) {
    const key = await create(deps, scope, {
      description: input.Description,
      policy: input.Policy,
      tags: tagsGiven(input.Tags),
    })
    return { KeyMetadata: metadataOf(key, scope) }
  },
}
