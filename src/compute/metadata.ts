import type { InstanceProfiles, RoleCredentials } from '../identity/principal.ts'
import {
  createDocumentSigner,
  type DocumentSignatures,
  type DocumentSigner,
} from '../identity/document-signer.ts'
import type { Scope } from '../kernel/scope.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { securityGroups, subnets, vpcs } from '../network/records.ts'
import type { InstanceMetadata, MetadataSpec } from '../protocol/edge.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Kind, StoredRecord } from '../store/records.ts'
import { identityDocumentPath, instanceMetadata } from './domain/instance-metadata.ts'
import { instances, type Instance } from './instance.ts'
import { keyPairs } from './key-pairs.ts'

/** What the metadata address answers, for the edges. */
export interface MetadataSource {
  /** Of every instance that is not terminated, by VPC. */
  metadataSpecs(): Promise<readonly MetadataSpec[]>
  /** Of the instance's role; undefined when it has none, or is no more. */
  credentials(instanceId: string): Promise<RoleCredentials | undefined>
  /** The instance that an identity document and its signature are of; undefined when they are not ours, or it is no more. */
  identify(document: string, signature: string): Promise<StoredRecord<Instance> | undefined>
  /** Called after a change of anything that `metadataSpecs` tells. Returns how to stop listening. */
  onMetadataChange(listener: () => void): () => void
}

export function createMetadataSource(
  context: EngineContext,
  profiles: InstanceProfiles,
): MetadataSource {
  const { store } = context
  const signer = createDocumentSigner(context)
  const byId = <T>(kind: Kind<T>): Promise<ReadonlyMap<string, T>> => valuesByKey(context, kind)
  async function metadataSpecs(): Promise<readonly MetadataSpec[]> {
    const all = (await store.listAll(instances)).filter(isShown)
    const [signed, groups, subnetsById, vpcsById, keys] = await Promise.all([
      signer.opened(),
      byId(securityGroups),
      byId(subnets),
      byId(vpcs),
      byId(keyPairs),
    ])
    const profileOf = profilesOnce(profiles)
    const specOf = async ({ scope, value }: StoredRecord<Instance>): Promise<InstanceMetadata> => {
      const profile =
        value.instanceProfileArn === undefined
          ? undefined
          : await profileOf(scope, value.instanceProfileArn)
      const vpc = vpcsById.get(keyOf(scope, value.vpcId))
      const publicKey = value.keyName && keys.get(keyOf(scope, value.keyName))?.publicKey
      const metadata = instanceMetadata(value, {
        scope,
        vpcCidr: vpc?.cidr ?? '',
        subnetCidr: subnetsById.get(keyOf(scope, value.subnetId))?.cidr ?? '',
        hasPublicDns: vpc?.dnsHostnames ?? false,
        securityGroupNames: value.securityGroupIds.map(
          (id) => groups.get(keyOf(scope, id))?.name ?? id,
        ),
        ...(publicKey && { publicKey }),
        ...(profile && {
          profile: {
            arn: profile.arn,
            id: profile.id,
            ...(profile.roleName !== undefined && { roleName: profile.roleName }),
          },
        }),
      })
      return withSignature(metadata, signed)
    }
    const byVpc = Map.groupBy(all, (record) => record.value.vpcId)
    return Promise.all(
      [...byVpc].map(async ([networkId, members]) => ({
        networkId,
        instances: await Promise.all(members.map(specOf)),
      })),
    )
  }
  return {
    metadataSpecs,
    async credentials(instanceId) {
      const all = await store.listAll(instances)
      const record = all.find((each) => each.id === instanceId && isShown(each))
      if (record?.value.instanceProfileArn === undefined) return undefined
      return profiles.credentials(record.scope, record.value.instanceProfileArn, instanceId)
    },
    identify: (document, signature) => identified({ store, signer }, document, signature),
    onMetadataChange(listener) {
      const stops = [instances, securityGroups, subnets, vpcs].map((kind) =>
        store.watch(kind, listener),
      )
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

async function valuesByKey<T>(
  { store }: EngineContext,
  kind: Kind<T>,
): Promise<ReadonlyMap<string, T>> {
  const records = await store.listAll(kind)
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

async function identified(
  { store, signer }: { readonly store: EngineContext['store']; readonly signer: DocumentSigner },
  document: string,
  signature: string,
): Promise<StoredRecord<Instance> | undefined> {
  if (!(await signer.verify(document, signature))) return undefined
  const { accountId, region, instanceId } = JSON.parse(document) as Record<string, string>
  const scope = { account: accountId ?? '', region: region ?? '' }
  const record = await store.find(instances, scope, instanceId ?? '')
  return record && isShown(record) ? record : undefined
}

function isShown({ value }: StoredRecord<Instance>): boolean {
  return value.state !== 'terminated'
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
