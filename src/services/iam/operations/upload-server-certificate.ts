import type { Operation } from '../../../wire/service.ts'
import { metadataShape, uploadCertificate } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const uploadServerCertificate: Operation<IamOperations, 'UploadServerCertificate', IamDeps> =
  {
    accepts: {
      Path: true,
      ServerCertificateName: true,
      CertificateBody: true,
      PrivateKey: true,
      CertificateChain: true,
      Tags: { Key: true, Value: true },
    },
    async handle(input, { scope }, deps) {
      const certificate = await uploadCertificate(deps, { scope }, input)
      const { tags } = certificate
      return {
        ServerCertificateMetadata: metadataShape(certificate),
        ...(tags.length > 0 ? { Tags: [...tags] } : {}),
      }
    },
  }
