import { imageNotFound } from '../errors.ts'
import { needRepository } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

/** There are none: pushing is refused. */
export const describeImages: EcrOperation<'DescribeImages'> = {
  accepts: {
    registryId: true,
    repositoryName: true,
    imageIds: true,
    nextToken: true,
    maxResults: true,
    filter: true,
  },
  async handle(input, { scope }, deps) {
    const { name } = await needRepository(deps, scope, input.repositoryName)
    const [wanted] = input.imageIds ?? []
    if (wanted) throw imageNotFound(wanted, name, scope.account)
    return { imageDetails: [] }
  },
}
