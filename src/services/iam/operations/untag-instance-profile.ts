import { withoutTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { profileEntities } from '../instance-profiles.ts'

export const untagInstanceProfile: Operation<IamOperations, 'UntagInstanceProfile', IamDeps> = {
  accepts: { InstanceProfileName: true, TagKeys: true },
  async handle(input, request, deps) {
    const keys = input.TagKeys ?? []
    await profileEntities.change(deps, request.scope, input.InstanceProfileName, (profile) => ({
      ...profile,
      tags: withoutTags(profile.tags, keys),
    }))
    return {}
  },
}
