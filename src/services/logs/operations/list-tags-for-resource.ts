import type { Operation } from '../../../wire/service.ts'
import { taggedGroup } from '../identify.ts'
import type { LogsOperations, LogsServiceDeps } from '../service-deps.ts'

export const listTagsForResource: Operation<
  LogsOperations,
  'ListTagsForResource',
  LogsServiceDeps
> = {
  accepts: { resourceArn: true },
  async handle({ resourceArn }, { scope }, deps) {
    const { tags } = await taggedGroup(deps, scope, resourceArn)
    return { tags: { ...tags } }
  },
}
