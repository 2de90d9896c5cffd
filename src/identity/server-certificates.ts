import { parseArn } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { kindOf, type Records } from '../store/records.ts'
import { certificateArn, certificates, openCertificateArn } from './certificates.ts'
import { globalScopeOf } from './records.ts'

/** A server certificate of IAM with its key. */
export interface ServerCertificate {
  /** The record's id. */
  readonly name: string
  readonly certificateId: string
  readonly path: string
  readonly arn: string
  /** ARNs of before it was renamed: listeners that were given one of them still show it. */
  readonly formerArns: readonly string[]
  /** DNS names, lower case. */
  readonly names: readonly string[]
  readonly pem: string
  /** PEM of those that issued it; empty when there are none. */
  readonly chain: string
  /** PEM. Never leaves by an API. */
  readonly privateKey: string
  readonly uploadedAt: number
  readonly expiresAt: number
  readonly tags: readonly Tag[]
  /** The token of the request that made it. */
  readonly madeFor?: string | undefined
}

/** In the account's scope without a region. `balance` reads them. */
export const serverCertificates = kindOf<ServerCertificate>('identity/server-certificate')

/**
 * How listeners keep a certificate that an ARN names: ACM's by its id, IAM's, which has no region, by its whole ARN. Undefined for
 * what is neither, or another account's.
 */
export function openShownCertificate(scope: Scope, text: string): string | undefined {
  const arn = parseArn(text)
  if (arn?.service !== 'iam') return openCertificateArn(scope, text)
  const isOwn = arn.region === '' && arn.account === scope.account
  return isOwn && arn.resource.startsWith('server-certificate/') ? text : undefined
}

/** The ARN of a certificate as listeners keep it. */
export function shownCertificateArn(scope: Scope, id: string): string {
  return id.startsWith('arn:') ? id : certificateArn(scope, id)
}

/** Whether there is such a certificate, as listeners keep it; also by an ARN of before it was renamed. */
export async function isShownCertificate(
  records: Pick<Records, 'find' | 'list'>,
  scope: Scope,
  id: string,
): Promise<boolean> {
  if (!id.startsWith('arn:')) return (await records.find(certificates, scope, id)) !== undefined
  const all = await records.list(serverCertificates, globalScopeOf(scope))
  return all.some(({ value }) => value.arn === id || value.formerArns.includes(id))
}
