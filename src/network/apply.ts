import { createHash } from 'node:crypto'
import { isSameScope, type Scope } from '../kernel/scope.ts'
import type { NetworkSpec } from '../protocol/network.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { mirroredLists, type MirroredLists } from '../store/mirrored-lists.ts'
import type { Kind, Store, StoredRecord } from '../store/records.ts'
import type { NetworkDriver } from './driver.ts'
import { planNetwork } from './plan-network.ts'
import {
  generations,
  type Generation,
  internetGateways,
  networkAcls,
  networkFlows,
  networkInterfaces,
  routeTables,
  securityGroups,
  subnets,
  vpcs,
} from './records.ts'

export interface NetworkApplier {
  ensureApplied(scope: Scope, vpcId: string, newInterfaceId?: string): Promise<void>
  /** The host began anew: what it holds is to be seen, not remembered. */
  forget(): void
  readonly reconcilers: readonly Reconciler[]
}

interface InForce {
  readonly generation: StoredRecord<Generation>
  readonly interfaceIds: ReadonlySet<string>
}

const reconcilerName = 'network/vpcs'

/**
 * Brings the records of VPCs to the host. A reconciler and no saga: the whole of a VPC is sent each time, so that there is nothing to
 * undo. One specification of a VPC is on its way at a time; who comes meanwhile shares the next one.
 */
export function createApplier(context: EngineContext, driver: NetworkDriver): NetworkApplier {
  const { store } = context
  /** Rules are drawn anew for each launch: of hundreds of interfaces one has changed. */
  const lists = mirroredLists(context)
  /** What this process knows to be in force, by VPC id. Only saves reading and sending it twice. */
  const inForce = new Map<string, InForce>()
  const turns = sharedTurns(applyRecords)

  /** What is in force with a new interface was read after it was written: nothing of what its owner knew is missing. */
  async function ensureApplied(
    scope: Scope,
    vpcId: string,
    newInterfaceId?: string,
  ): Promise<void> {
    const isThere = (): boolean =>
      newInterfaceId !== undefined && inForce.get(vpcId)?.interfaceIds.has(newInterfaceId) === true
    if (isThere()) return
    const underWay = turns.underWay(vpcId)
    if (newInterfaceId !== undefined && underWay) {
      await underWay.catch(() => undefined)
      if (isThere()) return
    }
    return turns.run(scope, vpcId)
  }

  async function applyRecords(scope: Scope, vpcId: string): Promise<void> {
    const sent = inForce.get(vpcId)?.generation
    const [content, known] = await Promise.all([
      readContent(lists, { scope, vpcId }),
      sent ?? store.find(generations, scope, vpcId),
    ])
    if (!content) {
      if (known) await removeNetwork(known)
      return
    }
    if (!known && content.interfaces.length === 0) return
    const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex')
    if (sent?.value.content === digest) return
    // Until it is in force, what was before is read and sent again by whoever comes next.
    inForce.delete(vpcId)
    const generation = await send(store, driver, { scope, content, known, digest })
    const interfaceIds = new Set(content.interfaces.map((face) => face.id))
    inForce.set(vpcId, { generation, interfaceIds })
  }

  async function removeNetwork(known: StoredRecord<{ generation: number }>): Promise<void> {
    await driver.remove(known.id)
    inForce.delete(known.id)
    const still = await store.find(generations, known.scope, known.id)
    if (still) await store.remove(still)
  }

  return {
    ensureApplied,
    forget: () => inForce.clear(),
    reconcilers: [
      vpcReconciler(context, ensureApplied),
      hostReconciler(context, driver, {
        forget: (vpcId) => void inForce.delete(vpcId),
        isOnItsWay: (vpcId) => turns.underWay(vpcId) !== undefined,
      }),
    ],
  }
}

interface Sending {
  readonly scope: Scope
  readonly content: Omit<NetworkSpec, 'generation'>
  readonly digest: string
  readonly known: StoredRecord<Generation> | undefined
}

/** The same content keeps its number. A host that has heard a number which was not written takes it again. */
async function send(
  store: Store,
  driver: NetworkDriver,
  { scope, content, digest, known }: Sending,
): Promise<StoredRecord<Generation>> {
  const isNew = known?.value.content !== digest
  const generation = (known?.value.generation ?? 0) + (isNew ? 1 : 0)
  const value = { generation, content: digest }
  const [written] = await Promise.all([
    known === undefined
      ? store.insert(generations, { scope, id: content.id }, value)
      : isNew
        ? store.update(known, value)
        : known,
    driver.apply({ ...content, generation }),
  ])
  return written
}

interface SharedTurns {
  run(scope: Scope, vpcId: string): Promise<void>
  underWay(vpcId: string): Promise<void> | undefined
}

/** One turn of a VPC's work at a time; who comes meanwhile shares the next one. */
function sharedTurns(work: (scope: Scope, vpcId: string) => Promise<void>): SharedTurns {
  const lanes = new Map<string, { current: Promise<void>; next: Promise<void> | undefined }>()

  function start(scope: Scope, vpcId: string): Promise<void> {
    const current = work(scope, vpcId)
    const lane = { current, next: undefined as Promise<void> | undefined }
    lanes.set(vpcId, lane)
    const leave = () => {
      if (lanes.get(vpcId) === lane && !lane.next) lanes.delete(vpcId)
    }
    current.then(leave, leave)
    return current
  }

  return {
    underWay: (vpcId) => lanes.get(vpcId)?.current,
    run(scope, vpcId) {
      const lane = lanes.get(vpcId)
      if (!lane) return start(scope, vpcId)
      lane.next ??= lane.current.catch(() => undefined).then(() => start(scope, vpcId))
      return lane.next
    },
  }
}

/** Undefined when the VPC was deleted. Interfaces are read first: what they refer to was written before them. */
async function readContent(
  lists: MirroredLists,
  { scope, vpcId }: { scope: Scope; vpcId: string },
): Promise<Omit<NetworkSpec, 'generation'> | undefined> {
  const inScope = async <T>(kind: Kind<T>): Promise<readonly StoredRecord<T>[]> =>
    (await lists.listAll(kind)).filter((record) => isSameScope(record.scope, scope))
  const inVpc = async <T>(kind: Kind<T>): Promise<readonly T[]> =>
    valuesIn((await inScope(kind)).filter((record) => record.owner === vpcId))
  const ofVpc = async <T>(kind: Kind<T>): Promise<T | undefined> =>
    (await inScope(kind)).find(({ id }) => id === vpcId)?.value
  const interfaces = await inVpc(networkInterfaces)
  const [vpc, subnetList, tables, groups, gateways, acls, flows] = await Promise.all([
    ofVpc(vpcs),
    inVpc(subnets),
    inVpc(routeTables),
    inVpc(securityGroups),
    inScope(internetGateways).then(valuesIn),
    inVpc(networkAcls),
    ofVpc(networkFlows),
  ])
  if (!vpc) return undefined
  return planNetwork({
    vpc,
    subnets: subnetList,
    internetGateways: gateways,
    routeTables: tables,
    securityGroups: groups,
    networkAcls: acls,
    interfaces,
    ...(flows && { flows }),
  })
}

function valuesIn<T>(records: readonly StoredRecord<T>[]): readonly T[] {
  return records.map((record) => record.value)
}

const vpcPeriodMilliseconds = 30_000
/** VPCs are applied side by side, but not so many that launches elsewhere starve. */
const vpcConcurrency = 4

function vpcReconciler(
  { store }: EngineContext,
  ensureApplied: NetworkApplier['ensureApplied'],
): Reconciler {
  const ownedKinds: readonly Kind<unknown>[] = [
    subnets,
    routeTables,
    securityGroups,
    networkAcls,
    networkInterfaces,
    networkFlows,
  ]
  return {
    name: reconcilerName,
    periodMilliseconds: vpcPeriodMilliseconds,
    concurrencyMax: vpcConcurrency,
    async keys() {
      const all = [...(await store.listAll(vpcs)), ...(await store.listAll(generations))]
      return [...new Set(all.map((record) => keyOf(record.scope, record.id)))]
    },
    wakes: [
      { kind: vpcs, keysOf: (change) => [keyOf(change.scope, change.id)] },
      ...ownedKinds.map((kind) => ({
        kind,
        keysOf: (change: { scope: Scope; owner: string | undefined }) =>
          change.owner === undefined ? [] : [keyOf(change.scope, change.owner)],
      })),
    ],
    async reconcile(key) {
      const { scope, id } = openKey(key)
      await ensureApplied(scope, id)
      return undefined
    },
  }
}

const hostPeriodMilliseconds = 5_000

/** At most so many at once, so that a mistake stays small enough to be noticed. */
const orphansMax = 5

/**
 * Sees whether the host still holds what was sent to it, and has it sent again where it does not. Networks that no record knows are those
 * of an installation that was reset; they go.
 */
function hostReconciler(
  { store, wake, log }: EngineContext,
  driver: NetworkDriver,
  applier: { forget(vpcId: string): void; isOnItsWay(vpcId: string): boolean },
): Reconciler {
  return {
    name: 'network/host',
    periodMilliseconds: hostPeriodMilliseconds,
    concurrencyMax: 1,
    wakes: [],
    keys: async () => ['host'],
    async reconcile() {
      const held = new Map((await driver.list()).map((each) => [each.id, each.generation]))
      // Read after the host's list: a VPC is written before its network, so a network without one has none.
      const sent = await store.listAll(generations)
      const known = new Set([...sent, ...(await store.listAll(vpcs))].map((record) => record.id))
      const orphans = [...held.keys()].filter((id) => !known.has(id))
      for (const id of orphans.slice(0, orphansMax)) {
        log.write('warn', 'a network without a record is removed', { network: id })
        await driver.remove(id)
      }
      for (const record of sent) {
        const generation = held.get(record.id)
        if (generation === record.value.generation || applier.isOnItsWay(record.id)) continue
        const isAhead = generation !== undefined && generation > record.value.generation
        const current = await store.find(generations, record.scope, record.id)
        // Written since it was read: its own activation is on its way.
        if (current?.revision !== record.revision) continue
        log.write('info', 'the host holds another generation of a network', {
          network: record.id,
          wanted: record.value.generation,
          held: generation,
        })
        // The host is ahead of a store that was restored: count on from where it is.
        if (isAhead) await store.update(record, { generation, content: '' })
        applier.forget(record.id)
        wake.wake(reconcilerName, keyOf(record.scope, record.id))
      }
      return undefined
    },
  }
}
