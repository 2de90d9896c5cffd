import type { Operation } from '../../../wire/service.ts'
import { certificateEntities, metadataShape } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const getServerCertificate: Operation<IamOperations, 'GetServerCertificate', IamDeps> = {
  accepts: { ServerCertificateName: true },
  async handle(input, { scope }, deps) {
    const { value } = await certificateEntities.named(deps, scope, input.ServerCertificateName)
    return {
      ServerCertificate: {
        ServerCertificateMetadata: metadataShape(value),
        CertificateBody: value.pem,
        ...(value.chain === '' ? {} : { CertificateChain: value.chain }),
        ...(value.tags.length > 0 ? { Tags: [...value.tags] } : {}),
      },
    }
  },
}
