import { needRepository } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

/** There are none: pushing is refused. */
export const listImages: EcrOperation<'ListImages'> = {
  accepts: {
    registryId: true,
    repositoryName: true,
    nextToken: true,
    maxResults: true,
    filter: true,
  },
  async handle(input, { scope }, deps) {
    await needRepository(deps, scope, input.repositoryName)
    return { imageIds: [] }
  },
}
