import type { Operation } from '../../../wire/service.ts'
import { needParameter, shownValue } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

/** All that is kept, in one page. */
export const getParameterHistory: Operation<SsmOperations, 'GetParameterHistory', SsmDeps> = {
  accepts: { Name: true, WithDecryption: true, MaxResults: true },
  async handle(input, request, deps) {
    const parameter = await needParameter(deps, request.scope, input.Name ?? '')
    return {
      Parameters: [...parameter.earlier, parameter].map((each) => ({
        Name: parameter.name,
        Type: parameter.type,
        LastModifiedDate: new Date(each.modifiedAt),
        LastModifiedUser: each.modifiedBy,
        Value: shownValue(deps, parameter, each, input.WithDecryption),
        Version: each.version,
        Labels: [...(each.labels ?? [])],
        Tier: 'Standard' as const,
        DataType: 'text',
      })),
    }
  },
}
