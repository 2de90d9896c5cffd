import type { Random } from '../kernel/random.ts'
import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists, type Records } from '../store/records.ts'
import { addressNumber, addressText, freeAddress, isUsable, parseCidr } from './domain/cidr.ts'
import { usableRange } from './domain/cidr.ts'
import { choosePublicAddress, giveUpPublicAddress, installation } from './public-addresses.ts'
import type { AllocateInterface, Interfaces, InterfaceView } from './interfaces.ts'
import { notFound, requireRecord, valuesOf } from './lookup.ts'
import {
  networkInterfaces,
  privateAddresses,
  publicAddresses,
  securityGroups,
  subnets,
} from './records.ts'
import { Refusal } from './refusal.ts'

/** Lost races for an address in a row before we believe that something else is wrong. */
const attemptsMax = 30

export interface InterfacePool extends Interfaces {
  /**
   * Chooses addresses for interfaces that are then written with `insert` in a transaction of the caller's. `insert` throws
   * `RecordExists` when somebody else took an address in between: choose again.
   */
  choose(scope: Scope, requests: readonly AllocateInterface[]): Promise<readonly InterfaceView[]>
  insert(records: Records, scope: Scope, chosen: InterfaceView): Promise<void>
  /** Releases within a transaction of the caller's. */
  remove(records: Records, scope: Scope, interfaceId: string): Promise<void>
}

/** Repeats work that loses a race for an address. */
export async function withFreshAddresses<R>(work: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (thrown) {
      if (!(thrown instanceof RecordExists) || attempt >= attemptsMax) throw thrown
    }
  }
}

export function createInterfacePool({ store, random }: EngineContext): InterfacePool {
  const pool: InterfacePool = {
    choose: (scope, requests) => chooseAddresses(store, random, { scope, requests }),
    insert: insertInterface,
    remove: removeInterface,
    async allocate(scope, request) {
      return withFreshAddresses(async () => {
        const known = request.interfaceId && (await pool.find(scope, request.interfaceId))
        if (known) return known
        const [chosen] = await pool.choose(scope, [request])
        if (!chosen) throw notFound(subnets, request.subnetId)
        await store.transaction((records) => insertInterface(records, scope, chosen))
        return chosen
      })
    },
    async release(scope, interfaceId) {
      await store.transaction((records) => removeInterface(records, scope, interfaceId))
    },
    attach: (scope, interfaceId, machineId) =>
      change(scope, interfaceId, (view) => {
        const { machineId: _, ...free } = view
        return machineId === undefined ? free : { ...free, machineId }
      }),
    async setSecurityGroups(scope, interfaceId, securityGroupIds) {
      const { value } = await requireRecord(store, networkInterfaces, scope, interfaceId)
      await checkGroups(store, scope, { vpcId: value.vpcId, securityGroupIds })
      return change(scope, interfaceId, (view) => ({ ...view, securityGroupIds }))
    },
    find: async (scope, id) => (await store.find(networkInterfaces, scope, id))?.value,
    async list(scope, filter = {}) {
      const all = await valuesOf(store, networkInterfaces, scope, filter.vpcId)
      return filter.machineId === undefined
        ? all
        : all.filter((view) => view.machineId === filter.machineId)
    },
  }
  async function change(
    scope: Scope,
    id: string,
    to: (view: InterfaceView) => InterfaceView,
  ): Promise<InterfaceView> {
    const record = await modify(store, { kind: networkInterfaces, scope, id }, to)
    if (!record) throw notFound(networkInterfaces, id)
    return record.value
  }
  return pool
}

async function chooseAddresses(
  records: Records,
  random: Random,
  { scope, requests }: { scope: Scope; requests: readonly AllocateInterface[] },
): Promise<readonly InterfaceView[]> {
  const taken = new Map<string, Set<number>>()
  const chosen: InterfaceView[] = []
  for (const request of requests) {
    const { value: subnet } = await requireRecord(records, subnets, scope, request.subnetId)
    const { securityGroupIds } = request
    await checkGroups(records, scope, { vpcId: subnet.vpcId, securityGroupIds })
    const inSubnet =
      taken.get(subnet.subnetId) ?? (await takenAddresses(records, scope, subnet.subnetId))
    taken.set(subnet.subnetId, inSubnet)
    const address = chooseAddress(request, { cidr: subnet.cidr, taken: inSubnet, random })
    inSubnet.add(address)
    const interfaceId = request.interfaceId ?? resourceId(random, 'eni')
    const isPublic = request.publicAddress ?? subnet.assignsPublicAddress
    chosen.push({
      interfaceId,
      vpcId: subnet.vpcId,
      subnetId: subnet.subnetId,
      zone: subnet.zone,
      address: addressText(address),
      ...(isPublic && { publicAddress: choosePublicAddress(random) }),
      macAddress: macAddressOf(random),
      securityGroupIds,
      ...(request.machineId !== undefined && { machineId: request.machineId }),
      description: request.description,
      tags: request.tags ?? [],
    })
  }
  return chosen
}

async function takenAddresses(records: Records, scope: Scope, subnetId: string) {
  const given = await records.list(privateAddresses, scope, { owner: subnetId })
  return new Set(given.map((record) => addressNumber(record.id.split('/')[1] ?? '') ?? 0))
}

function chooseAddress(
  request: AllocateInterface,
  subnet: { cidr: string; taken: ReadonlySet<number>; random: Random },
): number {
  const cidr = parseCidr(subnet.cidr)
  if (!cidr) throw notFound(subnets, request.subnetId)
  if (request.address !== undefined) {
    const wanted = addressNumber(request.address)
    if (wanted === undefined || !isUsable(cidr, wanted)) {
      throw new Refusal(
        'InvalidParameterValue',
        `Address ${request.address} does not fall within the subnet's address range`,
      )
    }
    if (subnet.taken.has(wanted)) {
      throw new Refusal('InvalidIPAddress.InUse', `Address ${request.address} is in use.`)
    }
    return wanted
  }
  const range = usableRange(cidr)
  const found = freeAddress(range, subnet.taken, subnet.random.below(Math.max(1, range.count)))
  if (found !== undefined) return found
  throw new Refusal(
    'InsufficientFreeAddressesInSubnet',
    `There are not enough free addresses in subnet '${request.subnetId}' to satisfy the requested number of instances.`,
  )
}

/** Locally administered, unicast. */
function macAddressOf(random: Random): string {
  return ['02', ...(random.hex(5).match(/../g) ?? [])].join(':')
}

async function checkGroups(
  records: Records,
  scope: Scope,
  { vpcId, securityGroupIds }: { vpcId: string; securityGroupIds: readonly string[] },
): Promise<void> {
  for (const groupId of securityGroupIds) {
    const { value } = await requireRecord(records, securityGroups, scope, groupId)
    if (value.vpcId === vpcId) continue
    throw new Refusal(
      'InvalidParameter',
      `Security group ${groupId} and the subnet belong to different networks.`,
    )
  }
}

async function insertInterface(
  records: Records,
  scope: Scope,
  chosen: InterfaceView,
): Promise<void> {
  const { interfaceId, subnetId, vpcId, address, publicAddress } = chosen
  await requireRecord(records, subnets, scope, subnetId)
  // Again, now that it counts: a group that was deleted since the addresses were chosen guards nothing.
  await checkGroups(records, scope, chosen)
  const held = { interfaceId }
  await records.insert(
    privateAddresses,
    { scope, id: `${subnetId}/${address}`, owner: subnetId },
    held,
  )
  if (publicAddress !== undefined) {
    await records.insert(publicAddresses, { scope: installation, id: publicAddress }, held)
  }
  await records.insert(networkInterfaces, { scope, id: interfaceId, owner: vpcId }, chosen)
}

async function removeInterface(records: Records, scope: Scope, interfaceId: string): Promise<void> {
  const record = await records.find(networkInterfaces, scope, interfaceId)
  if (!record) return
  const { subnetId, address } = record.value
  const held = await records.find(privateAddresses, scope, `${subnetId}/${address}`)
  if (held) await records.remove(held)
  await giveUpPublicAddress(records, scope, record.value)
  await records.remove(record)
}
