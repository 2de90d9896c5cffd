import type { Elbv2Operation } from '../deps.ts'
import { trustStoreNotFound } from '../errors.ts'

/** There are none: clients are not asked for certificates here. */
export const describeTrustStores: Elbv2Operation<'DescribeTrustStores'> = {
  accepts: { TrustStoreArns: true, Names: true, PageSize: true, Marker: true },
  async handle({ TrustStoreArns = [], Names = [] }) {
    const [missing] = [...TrustStoreArns, ...Names]
    if (missing !== undefined) throw trustStoreNotFound(missing)
    return { TrustStores: [] }
  },
}
