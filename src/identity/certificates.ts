import { X509Certificate } from 'node:crypto'
import { arnOf, parseArn } from '../kernel/arn.ts'
import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { kindOf, modify } from '../store/records.ts'
import {
  certificateAuthority,
  issueCertificate,
  type KeyAlgorithm,
} from './certificate-authority.ts'
import { factsOf, type CertificateFacts } from './read-certificate.ts'

/** A server's certificate with its key: what balancers show to their clients. */
export interface Certificate extends CertificateFacts {
  readonly certificateId: string
  readonly origin: 'issued' | 'imported'
  readonly pem: string
  /** PEM of those that issued it; empty when there are none. */
  readonly chain: string
  /** PKCS#8 PEM. Never leaves by an API. */
  readonly privateKey: string
  readonly createdAt: number
  readonly token?: string
  readonly tags: readonly Tag[]
}

/** Id: the certificate's, the last part of its ARN. `balance` reads them. */
export const certificates = kindOf<Certificate>('identity/certificate')

export interface CertificateRequest {
  /** The first is the domain's name. Lower case. */
  readonly names: readonly string[]
  readonly keyAlgorithm: KeyAlgorithm
  /** The same token within an hour gives the same certificate. */
  readonly token: string | undefined
  readonly tags: readonly Tag[]
}

export interface ImportedCertificate {
  /** Replaced when it is there; a new one when absent. */
  readonly certificateId: string | undefined
  readonly facts: CertificateFacts
  readonly pem: string
  readonly chain: string
  readonly privateKey: string
  readonly tags: readonly Tag[]
}

/** Certificates as records; those that are asked for are issued at once by the installation's own authority. */
export interface Certificates {
  request(scope: Scope, request: CertificateRequest): Promise<Certificate>
  import(scope: Scope, imported: ImportedCertificate): Promise<Certificate>
  find(scope: Scope, certificateId: string): Promise<Certificate | undefined>
  list(scope: Scope): Promise<readonly Certificate[]>
  setTags(scope: Scope, certificateId: string, tags: readonly Tag[]): Promise<void>
  /** Removing what is not there succeeds. */
  remove(scope: Scope, certificateId: string): Promise<void>
}

const dayMilliseconds = 24 * 3600 * 1000
/** As ACM's own: 13 months, in days. */
const validDays = 395
const tokenMilliseconds = 3600 * 1000

export function certificateArn(scope: Scope, certificateId: string): string {
  return arnOf('acm', scope, `certificate/${certificateId}`)
}

/** The id that an ARN of this scope names. */
export function openCertificateArn(scope: Scope, text: string): string | undefined {
  const arn = parseArn(text)
  if (arn?.service !== 'acm' || arn.region !== scope.region || arn.account !== scope.account) {
    return undefined
  }
  return /^certificate\/([0-9a-f-]{36})$/.exec(arn.resource)?.[1]
}

export function createCertificates(context: EngineContext): Certificates {
  const { store, clock, random } = context
  const list = async (scope: Scope): Promise<readonly Certificate[]> =>
    (await store.list(certificates, scope)).map((record) => record.value)
  return {
    list,
    async request(scope, { names, keyAlgorithm, token, tags }) {
      const now = clock.now()
      const known = (await list(scope)).find(
        (one) =>
          token !== undefined &&
          one.token === token &&
          one.names.join() === names.join() &&
          now - one.createdAt < tokenMilliseconds,
      )
      if (known !== undefined) return known
      const authority = await certificateAuthority(store, now, random)
      const validity = {
        notBefore: now - dayMilliseconds,
        notAfter: now + validDays * dayMilliseconds,
      }
      const order = { names, keyAlgorithm, ...validity }
      const { pem, privateKey } = await issueCertificate(authority, order, random)
      const certificateId = uuid(random)
      const certificate: Certificate = {
        ...factsOf(new X509Certificate(pem)),
        certificateId,
        origin: 'issued',
        pem,
        chain: authority.pem,
        privateKey,
        createdAt: now,
        ...(token === undefined ? {} : { token }),
        tags,
      }
      return (await store.insert(certificates, { scope, id: certificateId }, certificate)).value
    },
    async import(scope, { certificateId, facts, tags, ...parts }) {
      if (certificateId !== undefined) {
        const change = { ...facts, ...parts }
        const at = { kind: certificates, scope, id: certificateId }
        const record = await modify(store, at, (known) => ({ ...known, ...change }))
        if (record) return record.value
      }
      const id = uuid(random)
      const own = { certificateId: id, origin: 'imported', createdAt: clock.now(), tags } as const
      const certificate: Certificate = { ...facts, ...parts, ...own }
      return (await store.insert(certificates, { scope, id }, certificate)).value
    },
    find: async (scope, id) => (await store.find(certificates, scope, id))?.value,
    async setTags(scope, id, tags) {
      await modify(store, { kind: certificates, scope, id }, (known) => ({ ...known, tags }))
    },
    async remove(scope, id) {
      await store.transaction(async (records) => {
        const record = await records.find(certificates, scope, id)
        if (record) await records.remove(record)
      })
    },
  }
}
