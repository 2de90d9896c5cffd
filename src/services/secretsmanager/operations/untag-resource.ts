import { withoutTags } from '../../../kernel/tags.ts'
import { changeSecret } from '../change-secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const untagResource: SecretsOperation<'UntagResource'> = {
  accepts: { SecretId: true, TagKeys: true },
  async handle(input, { scope }, deps) {
    await changeSecret(deps, { scope, secretId: input.SecretId }, (secret) => ({
      ...secret,
      tags: withoutTags(secret.tags, input.TagKeys ?? []),
    }))
    return {}
  },
}
