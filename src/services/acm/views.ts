import { createHash } from 'node:crypto'
import type { CertificateDetail, CertificateSummary, KeyAlgorithm } from '@aws-sdk/client-acm'
import { certificateArn, type Certificate } from '../../identity/certificates.ts'
import type { Scope } from '../../kernel/scope.ts'

export function statusOf(certificate: Certificate, now: number): 'ISSUED' | 'EXPIRED' {
  return now >= certificate.notAfter ? 'EXPIRED' : 'ISSUED'
}

export function detailView(
  scope: Scope,
  certificate: Certificate,
  at: { readonly now: number; readonly users: string[] },
): CertificateDetail {
  const createdAt = new Date(certificate.createdAt)
  const isIssued = certificate.origin === 'issued'
  return {
    CertificateArn: certificateArn(scope, certificate.certificateId),
    DomainName: certificate.domainName,
    SubjectAlternativeNames: [...certificate.names],
    ...(isIssued
      ? { DomainValidationOptions: certificate.names.map((name) => validated(name, certificate)) }
      : {}),
    Serial: certificate.serial,
    Subject: certificate.subject,
    Issuer: certificate.issuer,
    CreatedAt: createdAt,
    ...(isIssued ? { IssuedAt: createdAt } : { ImportedAt: createdAt }),
    Status: statusOf(certificate, at.now),
    NotBefore: new Date(certificate.notBefore),
    NotAfter: new Date(certificate.notAfter),
    KeyAlgorithm: certificate.keyAlgorithm as KeyAlgorithm,
    InUseBy: at.users,
    Type: isIssued ? 'AMAZON_ISSUED' : 'IMPORTED',
    RenewalEligibility: 'INELIGIBLE',
  }
}

/** The record is the one that would prove the domain to AWS; nobody looks for it here. A wild card's is that of its domain. */
function validated(DomainName: string, { certificateId }: Certificate) {
  const domain = DomainName.replace(/^\*\./, '')
  const digits = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)
  return {
    DomainName,
    ValidationDomain: domain,
    ValidationStatus: 'SUCCESS' as const,
    ValidationMethod: 'DNS' as const,
    ResourceRecord: {
      Name: `_${digits(domain)}.${domain}.`,
      Type: 'CNAME' as const,
      Value: `_${digits(`${certificateId} ${domain}`)}.acm-validations.aws.`,
    },
  }
}

export function summaryView(
  scope: Scope,
  certificate: Certificate,
  at: { readonly now: number; readonly users: string[] },
): CertificateSummary {
  const detail = detailView(scope, certificate, at)
  return {
    CertificateArn: detail.CertificateArn,
    DomainName: detail.DomainName,
    SubjectAlternativeNameSummaries: [...certificate.names],
    HasAdditionalSubjectAlternativeNames: false,
    Status: detail.Status,
    Type: detail.Type,
    KeyAlgorithm: detail.KeyAlgorithm,
    InUse: at.users.length > 0,
    RenewalEligibility: detail.RenewalEligibility,
    NotBefore: detail.NotBefore,
    NotAfter: detail.NotAfter,
    CreatedAt: detail.CreatedAt,
  }
}
