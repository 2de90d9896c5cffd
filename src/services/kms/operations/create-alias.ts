import { createAlias as create } from '../aliases.ts'
import type { KmsOperation } from '../service-deps.ts'

export const createAlias: KmsOperation<'CreateAlias'> = {
  accepts: { AliasName: true, TargetKeyId: true },
  async handle(input, { scope }, deps) {
    await create(deps, scope, { name: input.AliasName ?? '', target: input.TargetKeyId })
    return {}
  },
}
