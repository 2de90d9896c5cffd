import { withTags } from '../../../kernel/tags.ts'
import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'
import { tagOnPremises } from '../on-premises-rules.ts'
import { openTags } from '../tagged-resource.ts'

export const addTagsToOnPremisesInstances: CodeDeployOperation<'AddTagsToOnPremisesInstances'> = {
  accepts: { tags: true, instanceNames: true },
  async handle(input, request, deps) {
    if (!input.tags || input.tags.length === 0) throw errors.tagRequired()
    const added = openTags(input.tags, errors.invalidTagOnPremises)
    await tagOnPremises(deps, request.scope, input.instanceNames, (tags) => withTags(tags, added))
    return {}
  },
}
