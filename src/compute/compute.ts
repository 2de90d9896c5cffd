import type { InstanceProfiles } from '../identity/principal.ts'
import type { Scope } from '../kernel/scope.ts'
import type { NetworkEngine } from '../network/network.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, type Reconciler } from '../reconcile/reconciler.ts'
import type { ComputeDriver, DiskDriver, ZoneDriver } from './driver.ts'
import { createZones, type Zones } from './zones.ts'
import { createDiskCatalogue, type DiskCatalogue } from './disk-catalogue.ts'
import { diskReconciler } from './disk-reconciler.ts'
import { hostReconciler } from './host-reconciler.ts'
import { instances, type Instances } from './instance.ts'
import { instanceReconciler, instanceReconcilerName } from './instance-reconciler.ts'
import { createInstances } from './instances.ts'
import { createInventory } from './machine-inventory.ts'
import type { LifecycleTargets } from './draw-metadata.ts'
import { createMetadataSource, type MetadataSource } from './metadata.ts'
import { createSpotInterruptions, type SpotInterruptions } from './spot-interruptions.ts'
import { createMetadataFeed, type MetadataFeed } from './metadata-feed.ts'
import { createTemplateCatalogue, type TemplateCatalogue } from './template-catalogue.ts'

export interface ComputeDeps {
  readonly driver: ComputeDriver
  /** Without it zones cannot be broken on purpose. */
  readonly zoneDriver?: ZoneDriver
  /** Without it volumes, snapshots and images are records that nothing follows. */
  readonly diskDriver?: DiskDriver
  readonly network: NetworkEngine
  readonly profiles: InstanceProfiles
  /** Without it no instance is told of a group. */
  readonly lifecycleTargets?: LifecycleTargets
  /** `--strict-images`: unknown image ids are refused instead of meaning the default image. */
  readonly strictImages?: boolean
}

export interface ComputeEngine {
  readonly instances: Instances
  readonly launchTemplates: TemplateCatalogue
  readonly disks: DiskCatalogue
  readonly metadata: MetadataSource
  /** For the edges. */
  readonly metadataFeed: Pick<MetadataFeed, 'news'>
  readonly zones: Zones
  readonly spot: Pick<SpotInterruptions, 'interrupt'>
  readonly strictImages: boolean
  /** The last bytes of an instance's console. Throws `DriverError` when the host cannot be reached. */
  console(instanceId: string, bytesMax: number): Promise<Buffer>
  readonly reconcilers: readonly Reconciler[]
  /** Stops watching the host. */
  close(): void
}

export function createCompute(context: EngineContext, deps: ComputeDeps): ComputeEngine {
  const { store, wake } = context
  const { driver, network, profiles, strictImages = false } = deps
  /** Where instances are, so that a machine's exit wakes its instance without a query. */
  const scopes = new Map<string, Scope>()
  const inventory = createInventory(driver, {
    onMachine: (machineId) => wakeInstance(machineId),
    onEpoch(before) {
      if (before !== undefined) network.forgetHost()
      for (const id of scopes.keys()) wakeInstance(id)
    },
    onZoneFaults() {
      zones.changed()
      for (const id of scopes.keys()) wakeInstance(id)
    },
  })
  const zones = createZones(inventory, deps.zoneDriver)
  const spot = createSpotInterruptions(context)
  const metadata = createMetadataSource(context, deps)
  const metadataFeed = createMetadataFeed(context, metadata)
  function wakeInstance(machineId: string): void {
    const scope = scopes.get(machineId)
    if (scope) wake.wake(instanceReconcilerName, keyOf(scope, machineId))
  }
  const unwatch = store.watch(instances, (changes) => {
    for (const { id, scope } of changes) scopes.set(id, scope)
  })
  const reconciler = instanceReconciler(context, {
    ...{ driver, network, inventory },
    ...(deps.diskDriver && { disks: deps.diskDriver }),
  })
  return {
    instances: createInstances(context, { network, profiles, strictImages, zones }),
    zones,
    spot,
    launchTemplates: createTemplateCatalogue(context, network),
    disks: createDiskCatalogue(context),
    metadata,
    metadataFeed,
    strictImages,
    console: (instanceId, bytesMax) => driver.console(instanceId, bytesMax),
    reconcilers: [
      {
        ...reconciler,
        async keys() {
          const knownBefore = [...scopes.keys()]
          const all = await store.listAll(instances)
          const seenNow = new Map(all.map((record) => [record.id, record.scope]))
          for (const id of knownBefore) if (!seenNow.has(id)) scopes.delete(id)
          for (const [id, scope] of seenNow) scopes.set(id, scope)
          return all.map((record) => keyOf(record.scope, record.id))
        },
      },
      hostReconciler(context, { driver, inventory }),
      spot.reconciler,
      ...(deps.diskDriver ? [diskReconciler(context, deps.diskDriver)] : []),
    ],
    close() {
      unwatch()
      metadataFeed.close()
      inventory.close()
    },
  }
}
