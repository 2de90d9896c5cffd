import { DriverError } from '../../kernel/errors.ts'
import type { InterfaceSpec, NetworkSpec, SubnetSpec } from '../../protocol/network.ts'
import { deviceName } from './paths.ts'

/** A machine's `eth0` and its end on the router. */
export interface Link {
  readonly device: string
  /** Its own first: the source of what it sends. */
  readonly addresses: readonly string[]
  readonly subnet: SubnetSpec
  /** As instance metadata tells it; the kernel's choice when absent. */
  readonly macAddress?: string
}

/** The link of a machine as the network's specification has it. Throws when there is no such interface, or it spans subnets. */
export function linkOf(spec: NetworkSpec, machineId: string, interfaceId: string): Link {
  const own = spec.interfaces.find((face) => face.id === interfaceId)
  if (!own) throw refused(machineId, `network ${spec.id} has no interface ${interfaceId}`)
  const others = spec.interfaces.filter(
    (face) => face.machineId === machineId && face.id !== interfaceId,
  )
  const strange = others.find((face) => face.subnetId !== own.subnetId)
  if (strange)
    throw refused(machineId, `interface ${strange.id} is in another subnet than its eth0`)
  const subnet = spec.subnets.find((each) => each.id === own.subnetId)
  if (!subnet) throw refused(machineId, `network ${spec.id} has no subnet ${own.subnetId}`)
  const addresses = [own, ...others].map((face: InterfaceSpec) => face.address)
  return {
    device: deviceName('m', machineId),
    addresses,
    subnet,
    ...(own.macAddress !== undefined && { macAddress: own.macAddress }),
  }
}

/** `ip -batch` lines inside the machine's namespace. No route to its neighbours but through the router: rules see every packet. */
export function insideBatch(link: Link, routerNamespace: string): string {
  const prefix = link.subnet.cidr.split('/')[1]
  const [own, ...others] = link.addresses
  const hardware = link.macAddress === undefined ? '' : ` address ${link.macAddress}`
  return lines([
    `link add eth0${hardware} type veth peer name ${link.device} netns ${routerNamespace}`,
    'link set lo up',
    `addr add ${own}/${prefix} dev eth0 noprefixroute`,
    ...others.map((address) => `addr add ${address}/32 dev eth0`),
    'link set eth0 up',
    `route add ${link.subnet.gateway} dev eth0 src ${own}`,
    `route add default via ${link.subnet.gateway} dev eth0 src ${own}`,
  ])
}

/** `ip -batch` lines in the VPC's namespace: the machine's addresses are behind its own device and nowhere else. */
export function outsideBatch(link: Link): string {
  return lines([
    `link set ${link.device} up`,
    ...link.addresses.map((address) => `route replace ${address}/32 dev ${link.device}`),
  ])
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`
}

function refused(machineId: string, reason: string): DriverError {
  return new DriverError(`machine ${machineId}: ${reason}`, { retryable: true })
}
