import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { withTags } from '../../../kernel/tags.ts'
import { changeTags, openTags } from '../tagged-resource.ts'
import * as errors from '../errors.ts'

export const tagResource: CodeDeployOperation<'TagResource'> = {
  accepts: { ResourceArn: true, Tags: true },
  async handle(input, request, deps) {
    if (!input.Tags?.length) throw errors.invalidTagsToAdd('Tags are required')
    const added = openTags(input.Tags)
    await changeTags(deps, request.scope, input.ResourceArn, (tags) => withTags(tags, added))
    return {}
  },
}
