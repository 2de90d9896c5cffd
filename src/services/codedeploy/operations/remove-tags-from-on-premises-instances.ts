import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'
import { tagOnPremises } from '../on-premises-rules.ts'
import { openTags } from '../tagged-resource.ts'

/** A tag goes where key and value are both its own; without a value, by its key. */
export const removeTagsFromOnPremisesInstances: CodeDeployOperation<'RemoveTagsFromOnPremisesInstances'> =
  {
    accepts: { tags: true, instanceNames: true },
    async handle(input, request, deps) {
      if (!input.tags || input.tags.length === 0) throw errors.tagRequired()
      openTags(input.tags, errors.invalidTagOnPremises)
      const isMeant = (tag: { readonly Key: string; readonly Value: string }): boolean =>
        (input.tags ?? []).some(
          ({ Key, Value }) => Key === tag.Key && (Value === undefined || Value === tag.Value),
        )
      await tagOnPremises(deps, request.scope, input.instanceNames, (tags) =>
        tags.filter((tag) => !isMeant(tag)),
      )
      return {}
    },
  }
