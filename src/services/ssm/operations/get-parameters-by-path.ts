import type { Operation } from '../../../wire/service.ts'
import { filteredParameters, parameterFilters } from '../filters.ts'
import { pageByName } from '../paging.ts'
import { parameterShape } from '../parameter-shape.ts'
import { parameters } from '../parameters.ts'
import { publicParameters } from '../public-parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

export const getParametersByPath: Operation<SsmOperations, 'GetParametersByPath', SsmDeps> = {
  accepts: {
    Path: true,
    Recursive: true,
    WithDecryption: true,
    MaxResults: true,
    NextToken: true,
    ParameterFilters: parameterFilters,
  },
  async handle(input, request, deps) {
    const path = input.Path ?? '/'
    const prefix = path.endsWith('/') ? path : `${path}/`
    const own = (await deps.store.list(parameters, request.scope)).map(({ value }) => value)
    const below = [...own, ...publicParameters()].filter(({ name }) => {
      if (!name.startsWith(prefix)) return false
      return input.Recursive === true || !name.slice(prefix.length).includes('/')
    })
    const { items, token } = pageByName(
      filteredParameters(below, input.ParameterFilters ?? []),
      input,
    )
    const Parameters = items.map((each) =>
      parameterShape(deps, request.scope, each, input.WithDecryption),
    )
    return { Parameters, ...token }
  },
}
