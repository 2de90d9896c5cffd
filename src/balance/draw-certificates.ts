import { certificateArn, type Certificate } from '../identity/certificates.ts'
import type { ServerCertificate } from '../identity/server-certificates.ts'
import type { TlsCertificate } from '../protocol/gateway.ts'
import type { StoredRecord } from '../store/records.ts'

/** Certificates as listeners name them: ACM's by id, IAM's by ARN, also by those of before a certificate was renamed. */
export function drawCertificates(
  issued: readonly StoredRecord<Certificate>[],
  uploaded: readonly StoredRecord<ServerCertificate>[],
): ReadonlyMap<string, TlsCertificate> {
  const drawn = new Map<string, TlsCertificate>()
  for (const { id, scope, value } of issued) drawn.set(id, shown(certificateArn(scope, id), value))
  for (const { value } of uploaded) {
    for (const arn of value.formerArns) drawn.set(arn, shown(arn, value))
  }
  for (const { value } of uploaded) {
    if (!drawn.has(value.arn)) drawn.set(value.arn, shown(value.arn, value))
  }
  return drawn
}

function shown(
  arn: string,
  parts: Pick<Certificate, 'names' | 'pem' | 'chain' | 'privateKey'>,
): TlsCertificate {
  const { names, pem, chain, privateKey } = parts
  return { arn, names, certificate: `${pem.trimEnd()}\n${chain}`, privateKey }
}
