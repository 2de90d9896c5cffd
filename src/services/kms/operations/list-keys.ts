import { keys } from '../keys.ts'
import { pageBy } from '../paging.ts'
import type { KmsOperation } from '../service-deps.ts'

export const listKeys: KmsOperation<'ListKeys'> = {
  accepts: { Limit: true, Marker: true },
  async handle(input, { scope }, deps) {
    const all = (await deps.store.list(keys, scope)).map(({ value }) => value)
    const { items, more } = pageBy(all, ({ keyId }) => keyId, input)
    return { Keys: items.map(({ keyId, arn }) => ({ KeyId: keyId, KeyArn: arn })), ...more }
  },
}
