import { retarget } from '../aliases.ts'
import type { KmsOperation } from '../service-deps.ts'

export const updateAlias: KmsOperation<'UpdateAlias'> = {
  accepts: { AliasName: true, TargetKeyId: true },
  async handle(input, { scope }, deps) {
    await retarget(deps, scope, { name: input.AliasName ?? '', target: input.TargetKeyId })
    return {}
  },
}
