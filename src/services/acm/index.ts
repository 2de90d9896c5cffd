import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import type { AcmDeps } from './deps.ts'
import { unsupportedMember } from './errors.ts'
import { addTagsToCertificate } from './operations/add-tags-to-certificate.ts'
import { deleteCertificate } from './operations/delete-certificate.ts'
import { describeCertificate } from './operations/describe-certificate.ts'
import { getCertificate } from './operations/get-certificate.ts'
import { importCertificate } from './operations/import-certificate.ts'
import { listCertificates } from './operations/list-certificates.ts'
import { listTagsForCertificate } from './operations/list-tags-for-certificate.ts'
import { removeTagsFromCertificate } from './operations/remove-tags-from-certificate.ts'
import { requestCertificate } from './operations/request-certificate.ts'
import { certificateType } from './stack-resources/certificate.ts'

/** AWS Certificate Manager, over the installation's own authority. */
export function acmService(deps: AcmDeps): Service {
  return serviceOf(deps, {
    id: 'acm',
    refuseMember: unsupportedMember,
    operations: {
      AddTagsToCertificate: addTagsToCertificate,
      DeleteCertificate: deleteCertificate,
      DescribeCertificate: describeCertificate,
      GetCertificate: getCertificate,
      ImportCertificate: importCertificate,
      ListCertificates: listCertificates,
      ListTagsForCertificate: listTagsForCertificate,
      RemoveTagsFromCertificate: removeTagsFromCertificate,
      RequestCertificate: requestCertificate,
    },
  })
}

export function acmResourceTypes(deps: AcmDeps): readonly ResourceType[] {
  return [certificateType(deps)]
}
