import { arnOf } from '../../kernel/arn.ts'
import { uuid } from '../../kernel/random.ts'
import { partitionOf, type Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import { kindOf, modify, type StoredRecord } from '../../store/records.ts'
import { keyDisabled, keyPendingDeletion, malformedPolicy, notFound } from './errors.ts'
import type { KmsDeps } from './service-deps.ts'

/** A symmetric key. id: its key id. Gone from the store, what it encrypted is lost. */
export interface Key {
  readonly keyId: string
  readonly arn: string
  readonly createdAt: number
  readonly description: string
  readonly isEnabled: boolean
  /** 256 bits in Base64, sealed and bound to the key id. */
  readonly sealedMaterial: string
  /** JSON, as it was given. */
  readonly policy: string
  readonly tags: readonly Tag[]
  readonly deletionAt?: number
  /** The token of the stack resource that made it. */
  readonly madeBy?: string
}

/** id: `alias/name`. */
export interface Alias {
  readonly name: string
  readonly arn: string
  readonly keyId: string
  readonly createdAt: number
}

export const keys = kindOf<Key>('kms/key')
export const aliases = kindOf<Alias>('kms/alias')

const materialBytes = 32

export interface NewKey {
  readonly description: string | undefined
  readonly policy: string | undefined
  readonly tags: readonly Tag[]
  readonly madeBy?: string
}

export async function createKey(deps: KmsDeps, scope: Scope, given: NewKey): Promise<Key> {
  const { store, clock, random, sealer } = deps
  const { madeBy } = given
  if (madeBy !== undefined) {
    const made = (await store.list(keys, scope)).find(({ value }) => value.madeBy === madeBy)
    if (made) return made.value
  }
  const keyId = uuid(random)
  const material = Buffer.from(random.hex(materialBytes), 'hex').toString('base64')
  const key: Key = {
    keyId,
    arn: arnOf('kms', scope, `key/${keyId}`),
    createdAt: clock.now(),
    description: given.description ?? '',
    isEnabled: true,
    sealedMaterial: sealer.seal(material, contextOf(keyId)),
    policy: given.policy === undefined ? defaultPolicy(scope) : checkedPolicy(given.policy),
    tags: given.tags,
    ...(madeBy === undefined ? {} : { madeBy }),
  }
  return (await store.insert(keys, { scope, id: keyId }, key)).value
}

export function checkedPolicy(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'Statement' in value) return text
  } catch {
    throw malformedPolicy()
  }
  throw malformedPolicy()
}

function defaultPolicy(scope: Scope): string {
  const AWS = `arn:${partitionOf(scope.region)}:iam::${scope.account}:root`
  const allow = { Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }
  const Statement = [{ Sid: 'Enable IAM User Permissions', ...allow }]
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-default-1', Statement })
}

/** By key id, ARN, alias or an alias's ARN. One whose waiting time is over goes now. */
export async function needKey(
  { store, clock }: Pick<KmsDeps, 'store' | 'clock'>,
  scope: Scope,
  named: string | undefined = '',
): Promise<StoredRecord<Key>> {
  const name = named.replace(/^arn:[^:]*:kms:[^:]*:[^:]*:(key\/)?/, '')
  const alias = name.startsWith('alias/') ? await store.find(aliases, scope, name) : undefined
  const found = await store.find(keys, scope, alias?.value.keyId ?? name)
  if (!found) {
    const prefix = name.startsWith('alias/') ? name : `key/${name}`
    throw notFound(
      `${name.startsWith('alias/') ? 'Alias' : 'Key'} '${arnOf('kms', scope, prefix)}'`,
    )
  }
  if ((found.value.deletionAt ?? Infinity) > clock.now()) return found
  await store.remove(found)
  throw notFound(`Key '${found.value.arn}'`)
}

export async function changeKey(
  deps: Pick<KmsDeps, 'store' | 'clock'>,
  scope: Scope,
  named: string | undefined,
  change: (key: Key) => Key,
): Promise<Key> {
  const { value } = await needKey(deps, scope, named)
  const changed = await modify(deps.store, { kind: keys, scope, id: value.keyId }, change)
  if (!changed) throw notFound(`Key '${value.arn}'`)
  return changed.value
}

/** The key, if it may be used now, and its material. */
export async function usableKey(
  deps: KmsDeps,
  scope: Scope,
  named: string | undefined,
): Promise<{ readonly key: Key; readonly material: Buffer }> {
  const { value: key } = await needKey(deps, scope, named)
  if (key.deletionAt !== undefined) throw keyPendingDeletion(key.arn)
  if (!key.isEnabled) throw keyDisabled(key.arn)
  const material = deps.sealer.open(key.sealedMaterial, contextOf(key.keyId))
  return { key, material: Buffer.from(material, 'base64') }
}

function contextOf(keyId: string): string {
  return `kms/${keyId}`
}

/** KMS's own spelling. */
export function tagsGiven(
  tags: readonly {
    readonly TagKey?: string | undefined
    readonly TagValue?: string | undefined
  }[] = [],
): readonly Tag[] {
  return tags.map(({ TagKey = '', TagValue = '' }) => ({ Key: TagKey, Value: TagValue }))
}

export function metadataOf(key: Key, { account }: Scope) {
  const enabled = key.isEnabled ? ('Enabled' as const) : ('Disabled' as const)
  return {
    AWSAccountId: account,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: key.isEnabled && key.deletionAt === undefined,
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT' as const,
    KeyState: key.deletionAt === undefined ? enabled : ('PendingDeletion' as const),
    ...(key.deletionAt === undefined ? {} : { DeletionDate: new Date(key.deletionAt) }),
    Origin: 'AWS_KMS' as const,
    KeyManager: 'CUSTOMER' as const,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' as const,
    KeySpec: 'SYMMETRIC_DEFAULT' as const,
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT' as const],
    MultiRegion: false,
  }
}
