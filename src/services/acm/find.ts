import { balancerArn } from '../../balance/arns.ts'
import {
  certificateArn,
  openCertificateArn,
  type Certificate,
} from '../../identity/certificates.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { AcmDeps } from './deps.ts'
import { certificateNotFound, invalidArn } from './errors.ts'

export async function requireCertificate(
  { certificates }: AcmDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<Certificate> {
  const id = openCertificateArn(scope, arn ?? '')
  if (id === undefined) throw invalidArn(arn ?? '')
  const certificate = await certificates.find(scope, id)
  if (certificate === undefined) throw certificateNotFound(certificateArn(scope, id))
  return certificate
}

/** ARNs of the balancers whose listeners show it. */
export async function usersOf(
  { listeners }: AcmDeps,
  scope: Scope,
  certificateId: string,
): Promise<string[]> {
  const all = await listeners.list(scope)
  const using = all.filter(({ tls }) => tls?.certificateIds.includes(certificateId))
  return [...new Set(using.map((listener) => balancerArn(scope, listener.balancerId)))]
}
