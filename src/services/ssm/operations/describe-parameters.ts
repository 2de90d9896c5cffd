import type { Operation } from '../../../wire/service.ts'
import { filteredParameters, parameterFilters } from '../filters.ts'
import { pageByName } from '../paging.ts'
import { parameterArn } from '../parameter-shape.ts'
import { parameters } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

export const describeParameters: Operation<SsmOperations, 'DescribeParameters', SsmDeps> = {
  accepts: {
    MaxResults: true,
    NextToken: true,
    Filters: { Key: true, Values: true },
    ParameterFilters: parameterFilters,
  },
  async handle(input, request, deps) {
    const own = (await deps.store.list(parameters, request.scope)).map(({ value }) => value)
    const given = [...(input.ParameterFilters ?? []), ...(input.Filters ?? [])]
    const { items, token } = pageByName(filteredParameters(own, given), {
      MaxResults: 50,
      ...input,
    })
    return {
      Parameters: items.map((each) => ({
        Name: each.name,
        ARN: parameterArn(request.scope, each.name),
        Type: each.type,
        LastModifiedDate: new Date(each.modifiedAt),
        LastModifiedUser: each.modifiedBy,
        ...(each.description === undefined ? {} : { Description: each.description }),
        ...(each.allowedPattern === undefined ? {} : { AllowedPattern: each.allowedPattern }),
        Version: each.version,
        Tier: 'Standard' as const,
        DataType: 'text',
      })),
      ...token,
    }
  },
}
