import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { tagsOf } from '../tagged-resource.ts'

export const listTagsForResource: CodeDeployOperation<'ListTagsForResource'> = {
  accepts: { ResourceArn: true, NextToken: true },
  async handle(input, request, deps) {
    const tags = await tagsOf(deps, request.scope, input.ResourceArn)
    return { Tags: tags.map((tag) => ({ ...tag })) }
  },
}
