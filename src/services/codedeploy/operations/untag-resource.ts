import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { withoutTags } from '../../../kernel/tags.ts'
import { changeTags } from '../tagged-resource.ts'

export const untagResource: CodeDeployOperation<'UntagResource'> = {
  accepts: { ResourceArn: true, TagKeys: true },
  async handle(input, request, deps) {
    const keys = input.TagKeys ?? []
    await changeTags(deps, request.scope, input.ResourceArn, (tags) => withoutTags(tags, keys))
    return {}
  },
}
