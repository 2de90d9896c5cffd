import { certificateArn } from '../../../identity/certificates.ts'
import { readCertificate } from '../../../identity/read-certificate.ts'
import type { AcmOperation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireCertificate } from '../find.ts'
import { readTags } from '../tags.ts'

export const importCertificate: AcmOperation<'ImportCertificate'> = {
  accepts: {
    CertificateArn: true,
    Certificate: true,
    PrivateKey: true,
    CertificateChain: true,
    Tags: { Key: true, Value: true },
  },
  async handle(input, { scope }, deps) {
    const known =
      input.CertificateArn === undefined
        ? undefined
        : await requireCertificate(deps, scope, input.CertificateArn)
    if (known?.origin === 'issued') {
      throw validationError('Only a certificate that was imported can be imported again')
    }
    const pem = textOf(input.Certificate)
    const privateKey = textOf(input.PrivateKey)
    const chain = textOf(input.CertificateChain)
    const read = readCertificate(pem, privateKey, chain)
    if (!read.ok) throw validationError(read.reason)
    const { certificateId } = await deps.certificates.import(scope, {
      certificateId: known?.certificateId,
      facts: read.facts,
      pem,
      chain,
      privateKey,
      tags: readTags(input.Tags),
    })
    return { CertificateArn: certificateArn(scope, certificateId) }
  },
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8')
}
