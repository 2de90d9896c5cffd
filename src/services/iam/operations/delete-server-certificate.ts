import type { Operation } from '../../../wire/service.ts'
import { removeCertificate } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const deleteServerCertificate: Operation<IamOperations, 'DeleteServerCertificate', IamDeps> =
  {
    accepts: { ServerCertificateName: true },
    async handle(input, { scope }, deps) {
      await removeCertificate(deps, scope, input.ServerCertificateName)
      return {}
    },
  }
