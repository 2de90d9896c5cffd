import { aliases, needKey } from '../keys.ts'
import { pageBy } from '../paging.ts'
import type { KmsOperation } from '../service-deps.ts'

export const listAliases: KmsOperation<'ListAliases'> = {
  accepts: { KeyId: true, Limit: true, Marker: true },
  async handle(input, { scope }, deps) {
    const of = input.KeyId === undefined ? undefined : await needKey(deps, scope, input.KeyId)
    const all = (await deps.store.list(aliases, scope)).map(({ value }) => value)
    const wanted = all.filter(({ keyId }) => !of || of.value.keyId === keyId)
    const { items, more } = pageBy(wanted, ({ name }) => name, input)
    const Aliases = items.map((alias) => ({
      AliasName: alias.name,
      AliasArn: alias.arn,
      TargetKeyId: alias.keyId,
      CreationDate: new Date(alias.createdAt),
    }))
    return { Aliases, ...more }
  },
}
