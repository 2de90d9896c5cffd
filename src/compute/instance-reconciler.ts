import { DriverError } from '../kernel/errors.ts'
import type {
  DiskMount,
  MachineImpairment,
  MachineLimits,
  MachineSpec,
  MachineStatus,
} from '../protocol/machine.ts'
import type { NetworkEngine } from '../network/network.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import { modify, type StoredRecord } from '../store/records.ts'
import type { ComputeDriver, DiskDriver } from './driver.ts'
import { defaultImage } from './domain/images.ts'
import { instanceSizes, limitsOf } from './domain/instance-sizes.ts'
import { hostnameOf, privateDomain } from './domain/names.ts'
import { makeVolume } from './disk-reconciler.ts'
import { diskNameOf, snapshots, volumes } from './volume.ts'
import { instances, type Instance } from './instance.ts'
import { keyPairs } from './key-pairs.ts'
import type { InventoryView } from './machine-inventory.ts'
import {
  describe,
  planInstance,
  terminatedShownMilliseconds,
  type InstanceStep,
} from './plan-instance.ts'

export const instanceReconcilerName = 'compute/instances'

export interface InstanceWorld {
  readonly driver: ComputeDriver
  readonly network: NetworkEngine
  readonly inventory: InventoryView
  /** Without it there are no volumes. */
  readonly disks?: DiskDriver
}

const periodMilliseconds = 30_000
/** Launches side by side; more only makes each of them slower. */
const concurrencyMax = 16
/** How long a machine may take to end in good order, before it is killed. */
const stopGraceMilliseconds = 10_000
const startingAgainMilliseconds = 500
const copyingAgainMilliseconds = 200

/**
 * One instance at a time: observe its machine, plan one step, do it, record what came of it. A reconciler and no saga: each step can
 * be repeated, and the record says what is wanted until it is so.
 */
export function instanceReconciler(context: EngineContext, world: InstanceWorld): Reconciler {
  const { store, clock, log } = context
  return {
    name: instanceReconcilerName,
    periodMilliseconds,
    concurrencyMax,
    async keys() {
      return (await store.listAll(instances)).map((record) => keyOf(record.scope, record.id))
    },
    wakes: [{ kind: instances, keysOf: (change) => [keyOf(change.scope, change.id)] }],
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const record = await store.find(instances, scope, id)
      if (!record) return undefined
      if (world.inventory.machine(id).state === 'unknown') await world.inventory.refresh()
      const step = planInstance(
        record.value,
        {
          machine: world.inventory.machine(id),
          hostEpoch: world.inventory.hostEpoch ?? '',
          isZoneBroken: world.inventory.zoneFaults.has(record.value.zone),
        },
        clock.now(),
      )
      if (step.step !== 'nothing') log.write('debug', describe(step), { instance: id })
      return act(context, world, { record, step })
    },
  }
}

async function act(
  context: EngineContext,
  world: InstanceWorld,
  { record, step }: { record: StoredRecord<Instance>; step: InstanceStep },
): Promise<Outcome | undefined> {
  const { driver, inventory } = world
  const { id } = record
  switch (step.step) {
    case 'nothing':
      return record.value.terminatedAt === undefined
        ? undefined
        : { againAfterMilliseconds: terminatedShownMilliseconds }
    case 'wait':
      return { againAfterMilliseconds: startingAgainMilliseconds }
    case 'launch':
    case 'start':
      return run(context, world, { record, isNew: step.step === 'launch' })
    case 'restart':
      inventory.note(await driver.stop(id, stopGraceMilliseconds))
      return run(context, world, { record, isNew: false })
    case 'record-running':
      await recordRunning(context, world, { record, incarnation: step.incarnation })
      return undefined
    case 'record-impairment':
      await recordImpairment(context, record, step.kind)
      return undefined
    case 'stop':
      inventory.note(await driver.stop(id, stopGraceMilliseconds))
      await recordStopped(context, record)
      return undefined
    case 'record-stopped':
      await recordStopped(context, record)
      return undefined
    case 'record-lost':
      await recordLost(context, record)
      return undefined
    case 'record-ended':
      await recordEnded(context, record, step)
      return undefined
    case 'terminate':
      if (world.disks && (await isBeingCopied(context, record))) {
        return { againAfterMilliseconds: copyingAgainMilliseconds }
      }
      await driver.terminate(id)
      await recordTerminated(context, world, record)
      return undefined
    case 'forget':
      await context.store.remove(record)
      return undefined
  }
}

/** What was asked of a machine's disk before its end is still made of it. */
async function isBeingCopied(
  { store }: EngineContext,
  { id, scope, value }: StoredRecord<Instance>,
): Promise<boolean> {
  if (value.incarnation === 0) return false
  const all = await store.list(snapshots, scope)
  return all.some(
    ({ value: { state, source } }) =>
      state === 'pending' && 'machineId' in source && source.machineId === id,
  )
}

/** The address is in force before the machine that has it runs. A new machine is made while its network is on its way; the driver lets it wait. */
async function run(
  context: EngineContext,
  world: InstanceWorld,
  { record, isNew }: { record: StoredRecord<Instance>; isNew: boolean },
): Promise<Outcome | undefined> {
  const { driver, network, inventory } = world
  try {
    const { vpcId, interfaceId } = record.value
    const applied = network.ensureApplied(record.scope, vpcId, isNew ? interfaceId : undefined)
    const asked = isNew
      ? launch(context, world, record)
      : applied.then(() => driver.start(record.id, limitsNow(record.value)))
    const [status] = await Promise.all([asked, applied])
    inventory.note(status)
    if (status.phase !== 'running') return { againAfterMilliseconds: startingAgainMilliseconds }
    await recordRunning(context, world, { record, incarnation: status.incarnation })
    return undefined
  } catch (thrown) {
    const isFirstLaunch = isNew && record.value.incarnation === 0
    const isFinal = thrown instanceof DriverError && !thrown.retryable && isFirstLaunch
    if (!isFinal) throw thrown
    // EC2 shows a launch that cannot be as a terminated instance with the reason.
    const message = `Server.InternalError: ${thrown.message}`
    const code = 'Server.InternalError'
    await recordEnded(context, record, { next: 'terminated', code, message })
    return undefined
  }
}

async function launch(
  context: EngineContext,
  world: InstanceWorld,
  record: StoredRecord<Instance>,
): Promise<MachineStatus> {
  const disks = await madeDisks(context, world, record)
  return world.driver.launch(machineSpec(record, disks, await publicKeyOf(context, record)))
}

/** The volumes that a machine is to find at its first boot, made before it is. */
async function madeDisks(
  { store }: EngineContext,
  { disks }: InstanceWorld,
  { scope, value }: StoredRecord<Instance>,
): Promise<readonly DiskMount[]> {
  if (value.hasVolumes !== true || !disks) return []
  const all = await store.list(volumes, scope)
  const own = all.filter(({ value: { attachment } }) => attachment?.instanceId === value.instanceId)
  for (const record of own) await makeVolume(disks, record.value)
  return own.map((record) => ({
    diskId: record.id,
    name: diskNameOf(record.value.attachment?.device ?? ''),
  }))
}

/** Of its type, which may have changed while it was stopped. */
function limitsNow({ instanceType }: Instance): MachineLimits | undefined {
  const size = instanceSizes.get(instanceType)
  return size && limitsOf(size)
}

/** None when the pair is deleted meanwhile. */
async function publicKeyOf(
  { store }: EngineContext,
  { scope, value: { keyName } }: StoredRecord<Instance>,
): Promise<string | undefined> {
  if (keyName === undefined) return undefined
  return (await store.find(keyPairs, scope, keyName))?.value.publicKey
}

function machineSpec(
  { scope, value: instance }: StoredRecord<Instance>,
  disks: readonly DiskMount[],
  publicKey: string | undefined,
): MachineSpec {
  const limits = limitsNow(instance)
  return {
    id: instance.instanceId,
    zone: instance.zone,
    image: instance.machineImage ?? defaultImage.machineImage,
    ...(disks.length > 0 && { disks }),
    hostname: hostnameOf(instance.privateAddress),
    searchDomain: privateDomain(scope.region),
    networkId: instance.vpcId,
    interfaceId: instance.interfaceId,
    face: {
      subnetId: instance.subnetId,
      address: instance.privateAddress,
      macAddress: instance.macAddress,
    },
    ...(instance.userData !== undefined && { userData: instance.userData }),
    ...(publicKey !== undefined && { publicKey }),
    ...(limits && { limits }),
  }
}

async function recordRunning(
  context: EngineContext,
  { inventory }: InstanceWorld,
  { record, incarnation }: { record: StoredRecord<Instance>; incarnation: number },
): Promise<void> {
  const { hostEpoch } = inventory
  await recordChange(context, record, (instance) => {
    // Somebody may have asked for something else while it was launched; the next step sees to that.
    if (instance.desired !== 'running') return undefined
    const { rebootIncarnation, stateReason: _, stateTransitionReason: __, ...well } = instance
    const { impairment: ___, ...rest } = well
    const isRebooted = rebootIncarnation !== undefined && rebootIncarnation !== incarnation
    const isNew = instance.state !== 'running' || instance.incarnation !== incarnation
    return {
      ...rest,
      ...(isNew && { runningSince: context.clock.now() }),
      ...(rebootIncarnation !== undefined && !isRebooted && { rebootIncarnation }),
      state: 'running',
      incarnation,
      ...(hostEpoch !== undefined && { hostEpoch }),
    }
  })
}

async function recordImpairment(
  context: EngineContext,
  record: StoredRecord<Instance>,
  kind: MachineImpairment | undefined,
): Promise<void> {
  await recordChange(context, record, (instance) => {
    const { impairment: _, ...well } = instance
    if (kind === undefined || instance.state !== 'running') return well
    return { ...well, impairment: { kind, since: context.clock.now() } }
  })
}

async function recordStopped(
  context: EngineContext,
  record: StoredRecord<Instance>,
): Promise<void> {
  await recordChange(context, record, (instance) =>
    instance.desired === 'stopped' && instance.state !== 'stopped'
      ? { ...instance, state: 'stopped' }
      : undefined,
  )
}

const lostMessage = 'Server.InternalError: the zone of the machine was lost'

/** It stays wanted, so that it starts again when its zone is back. */
async function recordLost(context: EngineContext, record: StoredRecord<Instance>): Promise<void> {
  await recordChange(context, record, (instance) =>
    instance.desired === 'running' && instance.state === 'running'
      ? {
          ...instance,
          state: 'stopped',
          stateReason: { code: 'Server.InternalError', message: lostMessage },
          stateTransitionReason: lostMessage,
        }
      : undefined,
  )
}

async function recordEnded(
  context: EngineContext,
  record: StoredRecord<Instance>,
  { next, code, message }: { next: 'stopped' | 'terminated'; code: string; message: string },
): Promise<void> {
  await recordChange(context, record, (instance) => {
    if (instance.desired !== 'running') return undefined
    return {
      ...instance,
      desired: next,
      state: next === 'stopped' ? 'stopped' : 'shutting-down',
      stateReason: { code, message },
      stateTransitionReason: message,
    }
  })
}

/** The addresses go back in the same moment in which it counts as terminated. */
async function recordTerminated(
  context: EngineContext,
  { network }: InstanceWorld,
  record: StoredRecord<Instance>,
): Promise<void> {
  const { store, clock } = context
  const { scope, id } = record
  const current = await store.transaction(async (records) => {
    const now = await records.find(instances, scope, id)
    if (!now || now.value.state === 'terminated') return undefined
    await network.interfaces.remove(records, scope, now.value.interfaceId)
    const terminatedAt = clock.now()
    await records.update(now, { ...now.value, state: 'terminated', terminatedAt })
    return now
  })
  if (current) publish(context, current, 'terminated')
}

async function recordChange(
  context: EngineContext,
  { scope, id }: StoredRecord<Instance>,
  change: (instance: Instance) => Instance | undefined,
): Promise<void> {
  let before: Instance | undefined
  const record = await modify(context.store, { kind: instances, scope, id }, (instance) => {
    before = instance
    return change(instance)
  })
  if (record && before && record.value.state !== before.state) {
    publish(context, record, record.value.state)
  }
}

function publish(
  context: EngineContext,
  { scope, id }: StoredRecord<Instance>,
  state: Instance['state'],
): void {
  context.events.publish({
    source: 'aws.ec2',
    detailType: 'EC2 Instance State-change Notification',
    scope,
    resources: [id],
    detail: { 'instance-id': id, state },
  })
}
