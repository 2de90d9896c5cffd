import type { KeyPair } from '../../../compute/key-pairs.ts'
import { keyPairs } from '../../../compute/key-pairs.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { keyPairNotFound } from '../errors.ts'
import { filtered, chosen, type FilterFields } from '../filters.ts'
import { filters } from '../input.ts'
import { keyPairView } from '../key-pair-view.ts'
import type { Ec2Operation } from '../deps.ts'

const fields: FilterFields<KeyPair> = {
  'key-name': (pair) => pair.name,
  'key-pair-id': (pair) => pair.keyPairId,
  fingerprint: (pair) => pair.fingerprint,
}

export const describeKeyPairs: Ec2Operation<'DescribeKeyPairs'> = {
  accepts: { KeyNames: true, KeyPairIds: true, Filters: filters, IncludePublicKey: true },
  async handle(input, { scope }, { store }) {
    const all = await valuesOf(store, keyPairs, scope)
    const byName = chosen(all, input.KeyNames, {
      idOf: (pair) => pair.name,
      missing: keyPairNotFound,
    })
    const byId = chosen(byName, input.KeyPairIds, {
      idOf: (pair) => pair.keyPairId,
      missing: keyPairNotFound,
    })
    return {
      KeyPairs: filtered(byId, input.Filters, fields).map((pair) => ({
        ...keyPairView(pair),
        ...(input.IncludePublicKey === true && { PublicKey: pair.publicKey }),
      })),
    }
  },
}
