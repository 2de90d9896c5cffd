import { DriverError, reasonOf } from '../kernel/errors.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { modify, type Change } from '../store/records.ts'
import type { DiskDriver } from './driver.ts'
import { instances } from './instance.ts'
import { planDisks, type DiskStep } from './plan-disks.ts'
import { diskNameOf, ownImages, snapshots, volumes, type Volume } from './volume.ts'

const periodMilliseconds = 30_000
/** A volume that is in use is asked for again. */
const busyMilliseconds = 500

/**
 * Volumes, snapshots and images of one account and region as the records say. A reconciler and no saga: each step can be repeated. Key: the
 * scope, because an instance's end is told by the instance.
 */
export function diskReconciler(context: EngineContext, driver: DiskDriver): Reconciler {
  const { store, log } = context
  const keysOf = ({ scope }: Pick<Change, 'scope'>): string[] => [keyOf(scope, 'disks')]
  return {
    name: 'compute/disks',
    periodMilliseconds,
    concurrencyMax: 8,
    async keys() {
      const kinds = [volumes, snapshots, ownImages]
      const all = await Promise.all(kinds.map((kind) => store.listAll<unknown>(kind)))
      return [...new Set(all.flat().flatMap(keysOf))]
    },
    wakes: [volumes, snapshots, ownImages, instances].map((kind) => ({ kind, keysOf })),
    async reconcile(key) {
      const { scope } = openKey(key)
      const steps = planDisks(await readRecords(context, scope))
      let isBusy = false
      for (const step of steps) {
        try {
          await act(context, driver, { scope, step })
        } catch (thrown) {
          if (!(thrown instanceof DriverError)) throw thrown
          log.write('warn', `${step.step} failed`, { reason: reasonOf(thrown) })
          if (thrown.retryable) isBusy = true
          else await recordFailure(context, scope, { step, reason: thrown.message })
        }
      }
      return isBusy ? { againAfterMilliseconds: busyMilliseconds } : undefined
    },
  }
}

async function readRecords({ store }: EngineContext, scope: Scope) {
  const [volumeList, snapshotList, imageList] = await Promise.all([
    store.list(volumes, scope),
    store.list(snapshots, scope),
    store.list(ownImages, scope),
  ])
  const needsInstances =
    volumeList.some(({ value }) => value.attachment !== undefined) ||
    snapshotList.some(({ value }) => value.state === 'pending') ||
    imageList.some(({ value }) => value.state === 'deregistering')
  const machines = needsInstances ? await store.list(instances, scope) : []
  return {
    volumes: volumeList.map((record) => record.value),
    snapshots: snapshotList.map((record) => record.value),
    images: imageList.map((record) => record.value),
    instances: new Map(machines.map((record) => [record.id, record.value])),
  }
}

/** `vol-…` of a volume and its mount in a machine. */
function mountOf(volume: Volume) {
  return { diskId: volume.volumeId, name: diskNameOf(volume.attachment?.device ?? '') }
}

async function act(
  context: EngineContext,
  driver: DiskDriver,
  { scope, step }: { scope: Scope; step: DiskStep },
): Promise<void> {
  const { store, clock } = context
  switch (step.step) {
    case 'make-volume':
      await makeVolume(driver, step.volume)
      return changeVolume(context, scope, step.volume, (volume) =>
        volume.state === 'creating' ? { ...volume, state: 'ready' } : undefined,
      )
    case 'attach': {
      await driver.attachDisk(step.volume.attachment?.instanceId ?? '', mountOf(step.volume))
      return changeVolume(context, scope, step.volume, attached)
    }
    case 'detach': {
      const { instanceId = '', isForced = false } = step.volume.attachment ?? {}
      await driver.detachDisk(instanceId, mountOf(step.volume), isForced)
      return changeVolume(context, scope, step.volume, withoutAttachment)
    }
    case 'release':
      return changeVolume(context, scope, step.volume, (volume) => ({
        ...withoutAttachment(volume),
        ...(step.isDeleted && { state: 'deleting' as const }),
      }))
    case 'remove-volume':
      await driver.removeDisk(step.volume.volumeId)
      return removeRecord(context, scope, { kind: volumes, id: step.volume.volumeId })
    case 'make-snapshot': {
      const { snapshotId, source } = step.snapshot
      await driver.makeDisk(snapshotId, source)
      await modify(store, { kind: snapshots, scope, id: snapshotId }, (snapshot) =>
        snapshot.state === 'pending'
          ? { ...snapshot, state: 'completed' as const, completedAt: clock.now() }
          : undefined,
      )
      return undefined
    }
    case 'remove-snapshot':
      await driver.removeDisk(step.snapshot.snapshotId)
      return removeRecord(context, scope, { kind: snapshots, id: step.snapshot.snapshotId })
    case 'make-image': {
      const { imageId, source } = step.image
      await driver.makeDisk(imageId, source)
      await modify(store, { kind: ownImages, scope, id: imageId }, (image) =>
        image.state === 'pending' ? { ...image, state: 'available' as const } : undefined,
      )
      return undefined
    }
    case 'fail-image':
      return recordFailure(context, scope, { step, reason: step.reason })
    case 'remove-image':
      await driver.removeDisk(step.image.imageId)
      return removeRecord(context, scope, { kind: ownImages, id: step.image.imageId })
  }
}

function withoutAttachment(volume: Volume): Volume {
  const { attachment: _, ...rest } = volume
  return rest
}

/** Made before it is attached, whichever reconciler comes first. */
export async function makeVolume(driver: DiskDriver, volume: Volume): Promise<void> {
  const { volumeId, snapshotId } = volume
  await driver.makeDisk(volumeId, snapshotId === undefined ? undefined : { diskId: snapshotId })
}

function attached(volume: Volume): Volume | undefined {
  const { attachment } = volume
  if (attachment?.state !== 'attaching') return undefined
  const state = volume.state === 'creating' ? 'ready' : volume.state
  return { ...volume, state, attachment: { ...attachment, state: 'attached' } }
}

async function changeVolume(
  { store }: EngineContext,
  scope: Scope,
  { volumeId: id, attachment }: Volume,
  to: (volume: Volume) => Volume | undefined,
): Promise<void> {
  await modify(store, { kind: volumes, scope, id }, (volume) =>
    // What was done was done for one attachment; another one is another step.
    volume.attachment?.instanceId === attachment?.instanceId ? to(volume) : undefined,
  )
}

async function removeRecord(
  { store }: EngineContext,
  scope: Scope,
  { kind, id }: { kind: typeof volumes | typeof snapshots | typeof ownImages; id: string },
): Promise<void> {
  const record = await store.find<unknown>(kind, scope, id)
  if (record) await store.remove(record)
}

async function recordFailure(
  { store }: EngineContext,
  scope: Scope,
  { step, reason }: { step: DiskStep; reason: string },
): Promise<void> {
  if (step.step === 'make-volume') {
    const { volumeId: id } = step.volume
    await modify(store, { kind: volumes, scope, id }, (volume) => ({
      ...volume,
      state: 'error' as const,
    }))
  }
  if (step.step === 'make-snapshot') {
    const { snapshotId: id } = step.snapshot
    await modify(store, { kind: snapshots, scope, id }, (snapshot) => ({
      ...snapshot,
      state: 'error' as const,
      stateMessage: reason,
    }))
  }
  if (step.step === 'make-image' || step.step === 'fail-image') {
    const { imageId: id } = step.image
    await modify(store, { kind: ownImages, scope, id }, (image) => ({
      ...image,
      state: 'failed' as const,
      stateMessage: reason,
    }))
  }
}
