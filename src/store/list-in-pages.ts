import type { Scope } from '../kernel/scope.ts'
import type { Kind, ListFilter, Records, StoredRecord } from './records.ts'

/** Records of one statement: some megabytes at most, so that others get their turn in between. */
const pageMax = 1000

/** A long list, a page at a time. A record that comes or goes meanwhile may be in it or not. */
export async function* listInPages<T>(
  records: Records,
  of: { readonly kind: Kind<T>; readonly scope: Scope } & Omit<ListFilter, 'itemsMax'>,
): AsyncGenerator<readonly StoredRecord<T>[], void> {
  const { kind, scope, ...filter } = of
  let after = filter.idAfter
  for (;;) {
    const from = after === undefined ? {} : { idAfter: after }
    const page = await records.list(kind, scope, { ...filter, ...from, itemsMax: pageMax })
    if (page.length > 0) yield page
    after = page.at(-1)?.id
    if (page.length < pageMax) return
  }
}
