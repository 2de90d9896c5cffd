import type { Operation } from '../../../wire/service.ts'
import { parameterNotFound } from '../errors.ts'
import { removeParameter } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

export const deleteParameter: Operation<SsmOperations, 'DeleteParameter', SsmDeps> = {
  accepts: { Name: true },
  async handle(input, request, deps) {
    const name = input.Name ?? ''
    if (!(await removeParameter(deps, request.scope, name))) throw parameterNotFound(name)
    return {}
  },
}
