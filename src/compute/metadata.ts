import { createDocumentSigner, type DocumentSigner } from '../identity/document-signer.ts'
import type { RoleCredentials } from '../identity/principal.ts'
import { securityGroups, subnets, vpcs } from '../network/records.ts'
import type { PlacedMetadata } from '../protocol/edge.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { StoredRecord } from '../store/records.ts'
import { isShown, metadataDrawing, type MetadataPorts } from './draw-metadata.ts'
import { instances, type Instance } from './instance.ts'
import { volumes } from './volume.ts'

/** What the metadata address answers, for the edges. */
export interface MetadataSource {
  /** Of every instance that is not terminated. What has not changed since the last call is the same value again. */
  instanceMetadata(): Promise<readonly PlacedMetadata[]>
  /** Of the instance's role; undefined when it has none, or is no more. */
  credentials(instanceId: string): Promise<RoleCredentials | undefined>
  /** The instance that an identity document and its signature are of; undefined when they are not ours, or it is no more. */
  identify(document: string, signature: string): Promise<StoredRecord<Instance> | undefined>
  /** Called after a change of anything that `instanceMetadata` tells. Returns how to stop listening. */
  onMetadataChange(listener: () => void): () => void
}

export function createMetadataSource(context: EngineContext, ports: MetadataPorts): MetadataSource {
  const { store } = context
  const { profiles, lifecycleTargets } = ports
  const signer = createDocumentSigner(context)
  return {
    instanceMetadata: metadataDrawing(context, ports, signer),
    async credentials(instanceId) {
      const all = await store.listAll(instances)
      const record = all.find((each) => each.id === instanceId && isShown(each))
      if (record?.value.instanceProfileArn === undefined) return undefined
      return profiles.credentials(record.scope, record.value.instanceProfileArn, instanceId)
    },
    identify: (document, signature) => identified({ store, signer }, document, signature),
    onMetadataChange(listener) {
      const stops = [instances, securityGroups, subnets, vpcs, volumes].map((kind) =>
        store.watch(kind, listener),
      )
      if (lifecycleTargets) stops.push(lifecycleTargets.onChange(listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
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
