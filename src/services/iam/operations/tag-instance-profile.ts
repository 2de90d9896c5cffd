import { withTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { profileEntities } from '../instance-profiles.ts'
import { checkTags } from '../names.ts'

export const tagInstanceProfile: Operation<IamOperations, 'TagInstanceProfile', IamDeps> = {
  accepts: { InstanceProfileName: true, Tags: { Key: true, Value: true } },
  async handle(input, request, deps) {
    const tags = checkTags(input.Tags)
    await profileEntities.change(deps, request.scope, input.InstanceProfileName, (profile) => ({
      ...profile,
      tags: withTags(profile.tags, tags),
    }))
    return {}
  },
}
