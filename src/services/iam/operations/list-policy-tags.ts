import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { managedPolicyAt } from '../managed-policies.ts'
import { page } from '../paging.ts'

export const listPolicyTags: Operation<IamOperations, 'ListPolicyTags', IamDeps> = {
  accepts: { PolicyArn: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value } = await managedPolicyAt(deps, request.scope, input.PolicyArn)
    const found = page(value.tags, (tag) => tag.Key, input)
    return { Tags: [...found.items], ...found.mark }
  },
}
