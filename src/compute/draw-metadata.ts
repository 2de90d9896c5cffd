import type { DocumentSignatures, DocumentSigner } from '../identity/document-signer.ts'
import type { InstanceProfiles } from '../identity/principal.ts'
import type { Scope } from '../kernel/scope.ts'
import { securityGroups, subnets, vpcs } from '../network/records.ts'
import type { InstanceMetadata, PlacedMetadata } from '../protocol/edge.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { mirroredLists, type MirroredLists } from '../store/mirrored-lists.ts'
import type { StoredRecord } from '../store/records.ts'
import {
  identityDocumentPath,
  instanceMetadata,
  type MetadataSurroundings,
} from './domain/instance-metadata.ts'
import { instances, type Instance } from './instance.ts'
import { keyPairs } from './key-pairs.ts'
import { volumes, type Volume } from './volume.ts'

/** What groups of instances tell of their members. */
export interface LifecycleTargets {
  /** The state that each is brought to, by `keyOf(scope, instanceId)`; instances of no group are absent. */
  list(): Promise<ReadonlyMap<string, string>>
  /** Called after a change of what `list` tells. Returns how to stop listening. */
  onChange(listener: () => void): () => void
}

/** The other engines whose words are in the metadata. */
export interface MetadataPorts {
  readonly profiles: InstanceProfiles
  readonly lifecycleTargets?: LifecycleTargets
}

interface Drawn {
  readonly record: StoredRecord<Instance>
  /** All that it was drawn from. */
  readonly facts: string
  readonly lifecycleTarget: string | undefined
  readonly placed: PlacedMetadata
}

/** Draws the metadata of every instance that has some. What is drawn from the same records as before is the same value again. */
export function metadataDrawing(
  context: EngineContext,
  { profiles, lifecycleTargets }: MetadataPorts,
  signer: DocumentSigner,
): () => Promise<readonly PlacedMetadata[]> {
  const lists = mirroredLists(context)
  let drawn: ReadonlyMap<string, Drawn> = new Map()
  let aroundBefore: readonly StoredRecord<unknown>[] = []
  return async () => {
    const all = (await lists.listAll(instances)).filter(isShown)
    const [signed, surroundings, targets] = await Promise.all([
      signer.opened(),
      readSurroundings(lists, profiles),
      lifecycleTargets?.list(),
    ])
    const isAllAsBefore = areSame(aroundBefore, surroundings.records)
    aroundBefore = surroundings.records
    const drawOne = async (record: StoredRecord<Instance>): Promise<Drawn> => {
      const key = keyOf(record.scope, record.id)
      const before = drawn.get(key)
      const lifecycleTarget = targets?.get(key)
      const hasProfile = record.value.instanceProfileArn !== undefined
      const isAsBefore = before?.record === record && before.lifecycleTarget === lifecycleTarget
      if (isAsBefore && isAllAsBefore && !hasProfile) return before
      const around = {
        ...(await surroundings.of(record)),
        ...(lifecycleTarget !== undefined && { lifecycleTarget }),
      }
      const facts = JSON.stringify([record.revision, around])
      if (before?.facts === facts) return { ...before, record }
      const instance = withSignature(instanceMetadata(record.value, around), signed)
      const placed = { networkId: record.value.vpcId, instance }
      return { record, facts, lifecycleTarget, placed }
    }
    const now = await Promise.all(
      all.map(async (record) => [keyOf(record.scope, record.id), await drawOne(record)] as const),
    )
    drawn = new Map(now)
    return now.map(([, { placed }]) => placed)
  }
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index])
}

/** What metadata tells besides an instance's own record, read once for all instances. */
async function readSurroundings(lists: MirroredLists, profiles: InstanceProfiles) {
  const [groupRecords, subnetRecords, vpcRecords, keyRecords, volumeRecords] = await Promise.all([
    lists.listAll(securityGroups),
    lists.listAll(subnets),
    lists.listAll(vpcs),
    lists.listAll(keyPairs),
    lists.listAll(volumes),
  ])
  const groups = valuesByKey(groupRecords)
  const subnetsById = valuesByKey(subnetRecords)
  const vpcsById = valuesByKey(vpcRecords)
  const keys = valuesByKey(keyRecords)
  const attached = Map.groupBy(
    volumeRecords.filter(({ value }) => value.attachment !== undefined),
    ({ scope, value }) => keyOf(scope, value.attachment?.instanceId ?? ''),
  )
  const profileOf = profilesOnce(profiles)
  const of = async ({ scope, value }: StoredRecord<Instance>): Promise<MetadataSurroundings> => {
    const profile =
      value.instanceProfileArn === undefined
        ? undefined
        : await profileOf(scope, value.instanceProfileArn)
    const vpc = vpcsById.get(keyOf(scope, value.vpcId))
    const publicKey = value.keyName && keys.get(keyOf(scope, value.keyName))?.publicKey
    return {
      scope,
      vpcCidr: vpc?.cidr ?? '',
      subnetCidr: subnetsById.get(keyOf(scope, value.subnetId))?.cidr ?? '',
      hasPublicDns: vpc?.dnsHostnames ?? false,
      securityGroupNames: value.securityGroupIds.map(
        (id) => groups.get(keyOf(scope, id))?.name ?? id,
      ),
      devices: startDevices(value, attached.get(keyOf(scope, value.instanceId)) ?? []),
      ...(publicKey && { publicKey }),
      ...(profile && {
        profile: {
          arn: profile.arn,
          id: profile.id,
          ...(profile.roleName !== undefined && { roleName: profile.roleName }),
        },
      }),
    }
  }
  return {
    of,
    records: [groupRecords, subnetRecords, vpcRecords, keyRecords, volumeRecords].flat(),
  }
}

/** Of the volumes that an instance had when it was last started: what comes later is not told before the next start. */
function startDevices(
  { launchedAt }: Instance,
  attached: readonly StoredRecord<Volume>[],
): readonly string[] {
  return attached
    .flatMap(({ value: { attachment } }) =>
      attachment && attachment.attachedAt <= launchedAt ? [attachment.device] : [],
    )
    .toSorted((a, b) => (a < b ? -1 : 1))
}

/** Terminated instances have no metadata. */
export function isShown({ value }: StoredRecord<Instance>): boolean {
  return value.state !== 'terminated'
}

function valuesByKey<T>(records: readonly StoredRecord<T>[]): ReadonlyMap<string, T> {
  return new Map(records.map((record) => [keyOf(record.scope, record.id), record.value]))
}

function withSignature(
  metadata: InstanceMetadata,
  sign: (document: string) => DocumentSignatures,
): InstanceMetadata {
  const { signature, pkcs7 } = sign(metadata.leaves[identityDocumentPath] ?? '')
  const signed = { signature, pkcs7, rsa2048: pkcs7 }
  const folder = identityDocumentPath.replace(/document$/, '')
  const leaves = Object.entries(signed).map(([name, text]) => [folder + name, text])
  return { ...metadata, leaves: { ...metadata.leaves, ...Object.fromEntries(leaves) } }
}

/** Many instances share a profile: each is looked up once. ARNs name their account. */
function profilesOnce(profiles: InstanceProfiles) {
  const found = new Map<string, ReturnType<InstanceProfiles['find']>>()
  return (scope: Scope, arn: string) => {
    const profile = found.get(arn) ?? profiles.find(scope, arn)
    found.set(arn, profile)
    return profile
  }
}
