import { withoutTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changePolicy } from '../managed-policies.ts'

export const untagPolicy: Operation<IamOperations, 'UntagPolicy', IamDeps> = {
  accepts: { PolicyArn: true, TagKeys: true },
  async handle(input, request, deps) {
    const keys = input.TagKeys ?? []
    await changePolicy(deps, request.scope, input.PolicyArn, (policy) => ({
      ...policy,
      tags: withoutTags(policy.tags, keys),
    }))
    return {}
  },
}
