import type {
  ServerCertificateMetadata,
  UpdateServerCertificateRequest,
  UploadServerCertificateRequest,
} from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import { readCertificate } from '../../identity/read-certificate.ts'
import { globalScopeOf } from '../../identity/records.ts'
import { serverCertificates, type ServerCertificate } from '../../identity/server-certificates.ts'
import { globalArnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import {
  deleteConflict,
  entityAlreadyExists,
  keyPairMismatch,
  limitExceeded,
  malformedCertificate,
} from './errors.ts'
import { checkName, checkPath, checkTags } from './names.ts'
import { isMadeBy, madeFor, namedEntities } from './named-entities.ts'
import type { IamDeps, Making } from './service-deps.ts'

/** AWS's default quota. */
export const certificatesMax = 20

export const certificateEntities = namedEntities<ServerCertificate>({
  kind: serverCertificates,
  nameOf: (certificate) => certificate.name,
  missing: (name) => `Server Certificate with name ${name}`,
  taken: (name) => `The Server Certificate with name ${name}`,
})

export async function uploadCertificate(
  deps: IamDeps,
  making: Making,
  input: UploadServerCertificateRequest,
): Promise<ServerCertificate> {
  const { store, random, clock } = deps.identity.context
  const name = checkName('serverCertificateName', input.ServerCertificateName, 128)
  const path = checkPath(input.Path)
  const pem = input.CertificateBody ?? ''
  const privateKey = input.PrivateKey ?? ''
  const chain = input.CertificateChain ?? ''
  const read = readCertificate(pem, privateKey, chain)
  if (!read.ok) {
    const isOther = read.reason.includes('does not match')
    throw isOther ? keyPairMismatch(read.reason) : malformedCertificate(read.reason)
  }
  const certificate: ServerCertificate = {
    ...{ name, path, pem, privateKey, chain },
    certificateId: identityId(random, 'ASCA'),
    arn: arnOf(making.scope, path, name),
    formerArns: [],
    names: read.facts.names,
    uploadedAt: clock.now(),
    expiresAt: read.facts.notAfter,
    tags: checkTags(input.Tags),
    ...madeFor(making),
  }
  const scope = globalScopeOf(making.scope)
  const isShown = (await usersOf(deps, making.scope, [certificate.arn])).length > 0
  return store.transaction(async (records) => {
    const all = await records.list(serverCertificates, scope)
    const held = all.find(({ value }) => isSameName(value.name, name))
    if (held && isMadeBy(making, held.value)) return held.value
    // Listeners that were given this ARN show a certificate that was renamed since.
    const isTaken = isShown && all.some(({ value }) => value.formerArns.includes(certificate.arn))
    if (held || isTaken) throw entityAlreadyExists(certificateEntities.taken(name))
    if (all.length >= certificatesMax) {
      throw limitExceeded('ServerCertificatesPerAccount', certificatesMax)
    }
    await records.insert(serverCertificates, { scope, id: name }, certificate)
    return certificate
  })
}

/** Names are unique without regard to case. */
function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function arnOf(scope: Scope, path: string, name: string): string {
  return globalArnOf('iam', scope, `server-certificate${path}${name}`)
}

/** Gives it another name or path, and so another ARN; listeners keep showing it. */
export async function renameCertificate(
  deps: IamDeps,
  scope: Scope,
  input: UpdateServerCertificateRequest,
): Promise<void> {
  const from = input.ServerCertificateName ?? ''
  const to = checkName('newServerCertificateName', input.NewServerCertificateName ?? from, 128)
  const at = globalScopeOf(scope)
  await deps.identity.context.store.transaction(async (records) => {
    const record = await certificateEntities.within(records, scope, from)
    const all = await records.list(serverCertificates, at)
    if (all.some(({ value }) => value.name !== from && isSameName(value.name, to))) {
      throw entityAlreadyExists(certificateEntities.taken(to))
    }
    const { value } = record
    const path = input.NewPath === undefined ? value.path : checkPath(input.NewPath)
    const arn = arnOf(scope, path, to)
    if (arn === value.arn) return
    const formerArns = [...new Set([...value.formerArns, value.arn])].filter((one) => one !== arn)
    await certificateEntities.move(records, record, { ...value, name: to, path, arn, formerArns })
  })
}

async function usersOf(
  deps: IamDeps,
  { account }: Scope,
  arns: readonly string[],
): Promise<readonly string[]> {
  return (await deps.certificateUsers?.(account, arns)) ?? []
}

/** Refused while a listener of any region shows it. */
export async function removeCertificate(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
): Promise<void> {
  const record = await certificateEntities.named(deps, scope, name)
  const { arn, formerArns, certificateId } = record.value
  const [user] = await usersOf(deps, scope, [arn, ...formerArns])
  if (user !== undefined) {
    throw deleteConflict(
      `Certificate: ${certificateId} is currently in use by ${user}. Please remove it first before deleting it from IAM.`,
    )
  }
  await deps.identity.context.store.remove(record)
}

export function metadataShape(certificate: ServerCertificate): ServerCertificateMetadata {
  return {
    Path: certificate.path,
    ServerCertificateName: certificate.name,
    ServerCertificateId: certificate.certificateId,
    Arn: certificate.arn,
    UploadDate: new Date(certificate.uploadedAt),
    Expiration: new Date(certificate.expiresAt),
  }
}
