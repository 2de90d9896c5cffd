import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { createSecureContext } from 'node:tls'

/** What a certificate says of itself. */
export interface CertificateFacts {
  readonly domainName: string
  readonly names: readonly string[]
  readonly serial: string
  readonly subject: string
  readonly issuer: string
  readonly notBefore: number
  readonly notAfter: number
  /** ACM's word: `RSA_2048`, `EC_prime256v1`. */
  readonly keyAlgorithm: string
}

export type ReadCertificate =
  | { readonly ok: true; readonly facts: CertificateFacts }
  | { readonly ok: false; readonly reason: string }

/** Reads a certificate, and checks that the key and the chain are its own. All are PEM; the chain may be empty. */
export function readCertificate(pem: string, privateKey: string, chain: string): ReadCertificate {
  const certificate = parsed(pem)
  if (certificate === undefined) return { ok: false, reason: 'The certificate is not valid PEM' }
  let key: KeyObject
  try {
    key = createPrivateKey(privateKey)
  } catch {
    return { ok: false, reason: 'The private key is not valid PEM, or is encrypted' }
  }
  if (!certificate.checkPrivateKey(key)) {
    return { ok: false, reason: 'The private key does not match the certificate' }
  }
  const blocks = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const links = blocks.map(parsed)
  if (links.includes(undefined) || (chain.trim() !== '' && links.length === 0)) {
    return { ok: false, reason: 'The certificate chain is not valid PEM' }
  }
  const [first] = links
  if (first !== undefined && !certificate.checkIssued(first)) {
    return { ok: false, reason: 'The certificate was not issued by the first one of its chain' }
  }
  try {
    createSecureContext({ cert: `${pem.trimEnd()}\n${chain}`, key: privateKey })
  } catch (thrown) {
    // A key that is too short, most of all.
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return { ok: false, reason: `No listener could show the certificate here: ${reason}` }
  }
  return { ok: true, facts: factsOf(certificate) }
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
  const names = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => (entry.startsWith('DNS:') ? [entry.slice(4).toLowerCase()] : []))
  const common = /(?:^|\n)CN=([^\n]+)/.exec(certificate.subject)?.[1]
  const domainName = (common ?? names[0] ?? '').toLowerCase()
  return {
    domainName,
    names: names.length === 0 && domainName !== '' ? [domainName] : names,
    serial: (certificate.serialNumber.toLowerCase().match(/../g) ?? []).join(':'),
    subject: certificate.subject.replaceAll('\n', ','),
    issuer: /(?:^|\n)CN=([^\n]+)/.exec(certificate.issuer)?.[1] ?? certificate.issuer,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    keyAlgorithm: algorithmOf(certificate.publicKey),
  }
}

function algorithmOf(key: KeyObject): string {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType === 'rsa') return `RSA_${details?.modulusLength ?? 0}`
  return `EC_${details?.namedCurve ?? key.asymmetricKeyType ?? 'unknown'}`
}
