import { withTags } from '../../../kernel/tags.ts'
import { changeSecret } from '../change-secret.ts'
import type { SecretsOperation } from '../service-deps.ts'
import { tagsGiven } from '../tags.ts'

export const tagResource: SecretsOperation<'TagResource'> = {
  accepts: { SecretId: true, Tags: true },
  async handle(input, { scope }, deps) {
    const added = tagsGiven(input.Tags)
    await changeSecret(deps, { scope, secretId: input.SecretId }, (secret) => ({
      ...secret,
      tags: tagsGiven(withTags(secret.tags, added)),
    }))
    return {}
  },
}
