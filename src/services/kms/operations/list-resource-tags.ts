import { needKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const listResourceTags: KmsOperation<'ListResourceTags'> = {
  accepts: { KeyId: true, Limit: true, Marker: true },
  async handle(input, { scope }, deps) {
    const { value } = await needKey(deps, scope, input.KeyId)
    const Tags = value.tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }))
    return { Tags, Truncated: false }
  },
}
