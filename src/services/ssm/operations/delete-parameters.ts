import type { Operation } from '../../../wire/service.ts'
import { removeParameter } from '../parameters.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'

export const deleteParameters: Operation<SsmOperations, 'DeleteParameters', SsmDeps> = {
  accepts: { Names: true },
  async handle(input, request, deps) {
    const DeletedParameters: string[] = []
    const InvalidParameters: string[] = []
    for (const name of new Set(input.Names ?? [])) {
      const isGone = await removeParameter(deps, request.scope, name)
      if (isGone) DeletedParameters.push(name)
      else InvalidParameters.push(name)
    }
    return { DeletedParameters, InvalidParameters }
  },
}
