import type { Certificate, CreateListenerInput } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ListenerTls } from '../../balance/records.ts'
import { openShownCertificate, shownCertificateArn } from '../../identity/server-certificates.ts'
import type { Scope } from '../../kernel/scope.ts'
import { sslPolicyDefault, sslPolicyNamed } from '../../balance/ssl-policies.ts'
import { certificateNotFound, sslPolicyNotFound, validationError } from './errors.ts'

type Given = Pick<CreateListenerInput, 'Protocol' | 'SslPolicy' | 'Certificates'>

/** What a listener is to be, from what is given and how it was. Undefined: HTTP, or TCP. */
export function readListenerTls(
  scope: Scope,
  given: Given,
  before?: ListenerTls,
): ListenerTls | undefined {
  const protocol = given.Protocol ?? (before === undefined ? 'HTTP' : 'HTTPS')
  if (protocol !== 'HTTPS' && protocol !== 'TLS') {
    if (given.Certificates === undefined && given.SslPolicy === undefined) return undefined
    throw validationError(`Certificates and SSL policies are not for ${protocol} listeners`)
  }
  const policy = given.SslPolicy ?? before?.policy ?? sslPolicyDefault
  const versions = sslPolicyNamed(policy)
  if (versions === undefined) throw sslPolicyNotFound(policy)
  const certificateIds =
    given.Certificates === undefined
      ? (before?.certificateIds ?? [])
      : [defaultCertificate(scope, given.Certificates), ...(before?.certificateIds.slice(1) ?? [])]
  if (certificateIds.length === 0) {
    throw validationError(`A certificate must be specified for ${protocol} listeners`)
  }
  return { policy, ...versions, certificateIds: [...new Set(certificateIds)] }
}

function defaultCertificate(scope: Scope, given: readonly Certificate[]): string {
  const [first] = given
  if (first === undefined || given.length > 1) {
    throw validationError('Exactly one certificate must be specified as the default')
  }
  return certificateIdOf(scope, first)
}

export function certificateIdOf(scope: Scope, { CertificateArn = '' }: Certificate): string {
  const id = openShownCertificate(scope, CertificateArn)
  if (id === undefined) throw certificateNotFound(CertificateArn)
  return id
}

export function certificateViews(scope: Scope, tls: ListenerTls): Certificate[] {
  return tls.certificateIds.map((id, index) => ({
    CertificateArn: shownCertificateArn(scope, id),
    IsDefault: index === 0,
  }))
}
