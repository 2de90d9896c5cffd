import type { Operation } from '../../../wire/service.ts'
import { renameCertificate } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const updateServerCertificate: Operation<IamOperations, 'UpdateServerCertificate', IamDeps> =
  {
    accepts: { ServerCertificateName: true, NewPath: true, NewServerCertificateName: true },
    async handle(input, { scope }, deps) {
      await renameCertificate(deps, scope, input)
      return {}
    },
  }
