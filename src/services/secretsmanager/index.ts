import type { Scope } from '../../kernel/scope.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { unsupportedMember, valueNotFound } from './errors.ts'
import { needSecret } from './find-secret.ts'
import { batchGetSecretValue } from './operations/batch-get-secret-value.ts'
import { createSecret } from './operations/create-secret.ts'
import { deleteResourcePolicy } from './operations/delete-resource-policy.ts'
import { deleteSecret } from './operations/delete-secret.ts'
import { describeSecret } from './operations/describe-secret.ts'
import { getRandomPassword } from './operations/get-random-password.ts'
import { getResourcePolicy } from './operations/get-resource-policy.ts'
import { getSecretValue } from './operations/get-secret-value.ts'
import { listSecretVersionIds } from './operations/list-secret-version-ids.ts'
import { listSecrets } from './operations/list-secrets.ts'
import { putResourcePolicy } from './operations/put-resource-policy.ts'
import { putSecretValue } from './operations/put-secret-value.ts'
import { restoreSecret } from './operations/restore-secret.ts'
import { tagResource } from './operations/tag-resource.ts'
import { untagResource } from './operations/untag-resource.ts'
import { updateSecretVersionStage } from './operations/update-secret-version-stage.ts'
import { updateSecret } from './operations/update-secret.ts'
import { readValue } from './secret-values.ts'
import type { SecretsDeps } from './service-deps.ts'
import { secretType } from './stack-resources/secret.ts'

/** Secrets Manager. */
export function secretsmanagerService(deps: SecretsDeps): Service {
  return serviceOf(deps, {
    id: 'secretsmanager',
    refuseMember: unsupportedMember,
    operations: {
      BatchGetSecretValue: batchGetSecretValue,
      CreateSecret: createSecret,
      DeleteResourcePolicy: deleteResourcePolicy,
      DeleteSecret: deleteSecret,
      DescribeSecret: describeSecret,
      GetRandomPassword: getRandomPassword,
      GetResourcePolicy: getResourcePolicy,
      GetSecretValue: getSecretValue,
      ListSecretVersionIds: listSecretVersionIds,
      ListSecrets: listSecrets,
      PutResourcePolicy: putResourcePolicy,
      PutSecretValue: putSecretValue,
      RestoreSecret: restoreSecret,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateSecret: updateSecret,
      UpdateSecretVersionStage: updateSecretVersionStage,
    },
  })
}

export function secretsmanagerResourceTypes(deps: SecretsDeps): readonly ResourceType[] {
  return [secretType(deps)]
}

export interface SecretReference {
  readonly secretId: string
  /** Of the JSON in the secret; the whole text without one. */
  readonly jsonKey?: string
  readonly stage?: string
  readonly versionId?: string
}

/** What a template's `{{resolve:secretsmanager:…}}` stands for. Throws Secrets Manager's errors. */
export function secretReferences(
  deps: SecretsDeps,
): (scope: Scope, reference: SecretReference) => Promise<string> {
  return async (scope, { secretId, jsonKey, stage, versionId }) => {
    const secret = await needSecret(deps, scope, secretId)
    const { text, isBinary } = await readValue(deps, secret, { stage, versionId })
    if (isBinary) throw valueNotFound('SecretString')
    if (jsonKey === undefined) return text
    const found = memberOf(text, jsonKey)
    if (found === undefined) throw valueNotFound(`the JSON key ${jsonKey}`)
    return found
  }
}

function memberOf(text: string, key: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    const member = (value as Readonly<Record<string, unknown>>)[key]
    return typeof member === 'string' ? member : JSON.stringify(member)
  } catch {
    return undefined
  }
}
