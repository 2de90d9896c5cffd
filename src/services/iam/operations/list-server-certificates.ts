import { globalScopeOf } from '../../../identity/records.ts'
import { serverCertificates } from '../../../identity/server-certificates.ts'
import type { Operation } from '../../../wire/service.ts'
import { page } from '../paging.ts'
import { metadataShape } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const listServerCertificates: Operation<IamOperations, 'ListServerCertificates', IamDeps> = {
  accepts: { PathPrefix: true, Marker: true, MaxItems: true },
  async handle(input, { scope }, deps) {
    const { store } = deps.identity.context
    const records = await store.list(serverCertificates, globalScopeOf(scope))
    const chosen = records
      .map((record) => record.value)
      .filter((certificate) => certificate.path.startsWith(input.PathPrefix ?? '/'))
    const found = page(chosen, (certificate) => certificate.name, input)
    return { ServerCertificateMetadataList: found.items.map(metadataShape), ...found.mark }
  },
}
