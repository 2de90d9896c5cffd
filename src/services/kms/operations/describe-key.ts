import { empty } from '../../../wire/accept.ts'
import { metadataOf, needKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const describeKey: KmsOperation<'DescribeKey'> = {
  accepts: { KeyId: true, GrantTokens: empty },
  async handle(input, { scope }, deps) {
    const { value } = await needKey(deps, scope, input.KeyId)
    return { KeyMetadata: metadataOf(value, scope) }
  },
}
