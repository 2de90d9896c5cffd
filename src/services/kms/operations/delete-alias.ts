import { needAlias } from '../aliases.ts'
import type { KmsOperation } from '../service-deps.ts'

export const deleteAlias: KmsOperation<'DeleteAlias'> = {
  accepts: { AliasName: true },
  async handle(input, { scope }, deps) {
    const found = await needAlias(deps, scope, input.AliasName ?? '')
    await deps.store.remove(found)
    return {}
  },
}
