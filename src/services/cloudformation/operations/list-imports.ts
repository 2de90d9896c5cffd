import { importerNames, stackExports } from '../../../stacks/exports.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { notImported } from '../errors.ts'
import { pageReply } from '../paging.ts'

/** AWS answers an export that nobody uses with an error. */
export const listImports: CloudFormationOperation<'ListImports'> = {
  accepts: { ExportName: true, NextToken: true },
  async handle(input, request, deps) {
    const { store } = deps.stacks
    const name = input.ExportName ?? ''
    const found = await store.find(stackExports, request.scope, name)
    const names = found ? await importerNames(store, request.scope, found.value.importers) : []
    if (names.length === 0) throw notImported(name)
    const { items, token } = pageReply(names, (each) => each, input.NextToken)
    return { Imports: [...items], ...token }
  },
}
