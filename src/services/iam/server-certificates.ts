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
import { modify, type Records, type StoredRecord } from '../../store/records.ts'
import {
  deleteConflict,
  entityAlreadyExists,
  keyPairMismatch,
  limitExceeded,
  malformedCertificate,
  noSuchEntity,
} from './errors.ts'
import { checkName, checkPath, checkTags } from './names.ts'
import type { IamDeps, Making } from './service-deps.ts'

/** AWS's default quota. */
const certificatesMax = 20

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
    ...(making.token ? { madeFor: making.token } : {}),
  }
  const scope = globalScopeOf(making.scope)
  const isShown = (await usersOf(deps, making.scope, [certificate.arn])).length > 0
  return store.transaction(async (records) => {
    const all = await records.list(serverCertificates, scope)
    const held = all.find(({ value }) => isSameName(value.name, name))
    if (held && making.token !== undefined && held.value.madeFor === making.token) return held.value
    // Listeners that were given this ARN show a certificate that was renamed since.
    const isTaken = isShown && all.some(({ value }) => value.formerArns.includes(certificate.arn))
    if (held || isTaken) throw nameTaken(name)
    if (all.length >= certificatesMax) {
      throw limitExceeded('ServerCertificatesPerAccount', certificatesMax)
    }
    await records.insert(serverCertificates, { scope, id: name }, certificate)
    return certificate
  })
}

function nameTaken(name: string): Error {
  return entityAlreadyExists(`The Server Certificate with name ${name}`)
}

/** Names are unique without regard to case. */
function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function arnOf(scope: Scope, path: string, name: string): string {
  return globalArnOf('iam', scope, `server-certificate${path}${name}`)
}

export async function certificateNamed(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
): Promise<StoredRecord<ServerCertificate>> {
  const at = globalScopeOf(scope)
  const found = await deps.identity.context.store.find(serverCertificates, at, name ?? '')
  if (!found) throw notFound(name)
  return found
}

function notFound(name: string | undefined): Error {
  return noSuchEntity(`Server Certificate with name ${name ?? ''}`)
}

export async function changeCertificate(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
  change: (certificate: ServerCertificate) => ServerCertificate,
): Promise<void> {
  const at = { kind: serverCertificates, scope: globalScopeOf(scope), id: name ?? '' }
  const changed = await modify(deps.identity.context.store, at, change)
  if (!changed) throw notFound(name)
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
    const record = await records.find(serverCertificates, at, from)
    if (!record) throw notFound(from)
    const all = await records.list(serverCertificates, at)
    if (all.some(({ value }) => value.name !== from && isSameName(value.name, to))) {
      throw nameTaken(to)
    }
    const { value } = record
    const path = input.NewPath === undefined ? value.path : checkPath(input.NewPath)
    const arn = arnOf(scope, path, to)
    if (arn === value.arn) return
    const formerArns = [...new Set([...value.formerArns, value.arn])].filter((one) => one !== arn)
    const renamed = { ...value, name: to, path, arn, formerArns }
    await move(records, record, renamed)
  })
}

async function move(
  records: Records,
  record: StoredRecord<ServerCertificate>,
  renamed: ServerCertificate,
): Promise<void> {
  if (renamed.name === record.id) {
    await records.update(record, renamed)
    return
  }
  await records.remove(record)
  await records.insert(serverCertificates, { scope: record.scope, id: renamed.name }, renamed)
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
  const record = await certificateNamed(deps, scope, name)
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
