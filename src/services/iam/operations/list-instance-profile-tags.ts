import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { profileEntities } from '../instance-profiles.ts'
import { page } from '../paging.ts'

export const listInstanceProfileTags: Operation<IamOperations, 'ListInstanceProfileTags', IamDeps> =
  {
    accepts: { InstanceProfileName: true, Marker: true, MaxItems: true },
    async handle(input, request, deps) {
      const { value } = await profileEntities.named(deps, request.scope, input.InstanceProfileName)
      const found = page(value.tags, (tag) => tag.Key, input)
      return { Tags: [...found.items], ...found.mark }
    },
  }
