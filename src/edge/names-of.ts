import { nameTable, type NameTable } from '../drivers/name-server/index.ts'
import type { NetworkNames } from '../protocol/edge.ts'

/** An instance keeps its address for life. */
const instanceSeconds = 60
/** A zone that is lost is left out: nobody should remember it for long. */
const balancerSeconds = 5

/** All that ends so is this platform's to tell: a name of AWS's that is not here is nowhere. */
const zones = [
  'ec2.internal',
  'compute.internal',
  'elb.amazonaws.com',
  'compute.amazonaws.com',
  'compute-1.amazonaws.com',
]

const dashed = (address: string): string => address.replaceAll('.', '-')

type Entry = readonly [
  name: string,
  entry: { readonly addresses: readonly string[]; seconds: number },
]

/** What the resolver of a network tells its machines: everything by its address inside. */
export function namesOf(network: NetworkNames): NameTable {
  const balancers = network.balancers.flatMap(({ names, addresses }) =>
    names.map((name): Entry => [name, { addresses, seconds: balancerSeconds }]),
  )
  const hosts = new Map([...instanceEntries(network), ...balancers])
  return nameTable({ hosts, names: reverseNames([network]), zones })
}

/** What the host is told, of all networks: balancers answer on its own loopback, where the site port is. */
export function allNames(networks: readonly NetworkNames[]): NameTable {
  const balancers = networks.flatMap(({ balancers: list }) =>
    list.flatMap(({ names }) =>
      names.map((name): Entry => [name, { addresses: ['127.0.0.1'], seconds: balancerSeconds }]),
    ),
  )
  const hosts = new Map([...networks.flatMap(instanceEntries), ...balancers])
  return nameTable({ hosts, names: reverseNames(networks), zones })
}

function instanceEntries(network: NetworkNames): readonly Entry[] {
  const { addresses, publicAddresses, privateDomain, publicDomain } = network
  const entry = (name: string, address: string): Entry => [
    name,
    { addresses: [address], seconds: instanceSeconds },
  ]
  return [
    ...addresses.map((address) => entry(`ip-${dashed(address)}.${privateDomain}`, address)),
    ...Object.entries(publicAddresses).map(([publicAddress, address]) =>
      entry(`ec2-${dashed(publicAddress)}.${publicDomain}`, address),
    ),
  ]
}

function reverseNames(networks: readonly NetworkNames[]): ReadonlyMap<string, string> {
  return new Map(
    networks.flatMap(({ addresses, privateDomain }) =>
      addresses.map((address) => [address, `ip-${dashed(address)}.${privateDomain}`] as const),
    ),
  )
}
