import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { unsupportedMember } from './errors.ts'
import { cancelKeyDeletion } from './operations/cancel-key-deletion.ts'
import { createAlias } from './operations/create-alias.ts'
import { createKey } from './operations/create-key.ts'
import { decrypt } from './operations/decrypt.ts'
import { deleteAlias } from './operations/delete-alias.ts'
import { describeKey } from './operations/describe-key.ts'
import { disableKey } from './operations/disable-key.ts'
import { enableKey } from './operations/enable-key.ts'
import { encrypt } from './operations/encrypt.ts'
import { generateDataKey } from './operations/generate-data-key.ts'
import { generateDataKeyWithoutPlaintext } from './operations/generate-data-key-without-plaintext.ts'
import { getKeyPolicy } from './operations/get-key-policy.ts'
import { getKeyRotationStatus } from './operations/get-key-rotation-status.ts'
import { listAliases } from './operations/list-aliases.ts'
import { listKeys } from './operations/list-keys.ts'
import { listResourceTags } from './operations/list-resource-tags.ts'
import { putKeyPolicy } from './operations/put-key-policy.ts'
import { scheduleKeyDeletion } from './operations/schedule-key-deletion.ts'
import { updateAlias } from './operations/update-alias.ts'
import { updateKeyDescription } from './operations/update-key-description.ts'
import { generateRandom } from './operations/generate-random.ts'
import { listKeyPolicies } from './operations/list-key-policies.ts'
import { reEncrypt } from './operations/re-encrypt.ts'
import { tagResource } from './operations/tag-resource.ts'
import { untagResource } from './operations/untag-resource.ts'
import type { KmsDeps } from './service-deps.ts'
import { aliasType } from './stack-resources/alias.ts'
import { keyType } from './stack-resources/key.ts'

/** KMS: symmetric keys. */
export function kmsService(deps: KmsDeps): Service {
  return serviceOf(deps, {
    id: 'kms',
    refuseMember: unsupportedMember,
    operations: {
      CancelKeyDeletion: cancelKeyDeletion,
      CreateAlias: createAlias,
      CreateKey: createKey,
      Decrypt: decrypt,
      DeleteAlias: deleteAlias,
      DescribeKey: describeKey,
      DisableKey: disableKey,
      EnableKey: enableKey,
      Encrypt: encrypt,
      GenerateDataKey: generateDataKey,
      GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
      GetKeyPolicy: getKeyPolicy,
      GetKeyRotationStatus: getKeyRotationStatus,
      ListAliases: listAliases,
      ListKeys: listKeys,
      ListResourceTags: listResourceTags,
      PutKeyPolicy: putKeyPolicy,
      ScheduleKeyDeletion: scheduleKeyDeletion,
      GenerateRandom: generateRandom,
      ListKeyPolicies: listKeyPolicies,
      ReEncrypt: reEncrypt,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateAlias: updateAlias,
      UpdateKeyDescription: updateKeyDescription,
    },
  })
}

export function kmsResourceTypes(deps: KmsDeps): readonly ResourceType[] {
  return [keyType(deps), aliasType(deps)]
}
