import { pageOf } from '../../../kernel/page.ts'
import { invalidParameter } from '../errors.ts'
import { needRepository, repositories, repositoryView } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const describeRepositories: EcrOperation<'DescribeRepositories'> = {
  accepts: { registryId: true, repositoryNames: true, nextToken: true, maxResults: true },
  async handle(input, { scope }, deps) {
    if (input.repositoryNames) {
      const named = input.repositoryNames.map((name) => needRepository(deps, scope, name))
      const found = await Promise.all(named)
      return { repositories: found.map((value) => repositoryView(value, scope)) }
    }
    const all = (await deps.store.list(repositories, scope)).map(({ value }) => value)
    const page = pageOf(all, ({ name }) => name, {
      nextToken: input.nextToken,
      itemsMax: Math.min(input.maxResults ?? 100, 1000),
    })
    if (!page) throw invalidParameter('Invalid parameter at nextToken')
    const { items, nextToken } = page
    return {
      repositories: items.map((value) => repositoryView(value, scope)),
      ...(nextToken === undefined ? {} : { nextToken }),
    }
  },
}
