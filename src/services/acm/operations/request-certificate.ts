import { certificateArn } from '../../../identity/certificates.ts'
import { is } from '../../../wire/accept.ts'
import type { AcmOperation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { readTags } from '../tags.ts'

export const requestCertificate: AcmOperation<'RequestCertificate'> = {
  accepts: {
    DomainName: true,
    SubjectAlternativeNames: true,
    ValidationMethod: true,
    DomainValidationOptions: { DomainName: true, ValidationDomain: true },
    IdempotencyToken: true,
    KeyAlgorithm: is('RSA_2048', 'EC_prime256v1'),
    Options: { CertificateTransparencyLoggingPreference: is('DISABLED'), Export: is('DISABLED') },
    Tags: { Key: true, Value: true },
  },
  async handle(input, { scope }, { certificates }) {
    const all = [input.DomainName ?? '', ...(input.SubjectAlternativeNames ?? [])]
    const names = [...new Set(all.map((name) => name.toLowerCase()))]
    for (const name of names) checkName(name)
    const { certificateId } = await certificates.request(scope, {
      names,
      keyAlgorithm: input.KeyAlgorithm === 'EC_prime256v1' ? 'EC_prime256v1' : 'RSA_2048',
      token: input.IdempotencyToken,
      tags: readTags(input.Tags),
    })
    return { CertificateArn: certificateArn(scope, certificateId) }
  },
}

/** ACM's own bound, and ours for one certificate. */
const nameLengthMax = 253

function checkName(name: string): void {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
  if (name.length <= nameLengthMax && new RegExp(`^(\\*\\.)?(${label}\\.)*${label}$`).test(name))
    return
  throw validationError(`'${name}' is not a domain name that a certificate can have`)
}
