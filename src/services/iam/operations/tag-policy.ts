import { withTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changePolicy } from '../managed-policies.ts'
import { checkTags } from '../names.ts'

export const tagPolicy: Operation<IamOperations, 'TagPolicy', IamDeps> = {
  accepts: { PolicyArn: true, Tags: { Key: true, Value: true } },
  async handle(input, request, deps) {
    const tags = checkTags(input.Tags)
    await changePolicy(deps, request.scope, input.PolicyArn, (policy) => ({
      ...policy,
      tags: withTags(policy.tags, tags),
    }))
    return {}
  },
}
