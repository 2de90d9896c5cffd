import { existsSync } from 'node:fs'
import type { MachineSpec } from '../../protocol/machine.ts'
import type { NetworkSpec } from '../../protocol/network.ts'
import { linkOf, type Link } from './links.ts'
import { deviceName, networkNamespacePath } from './paths.ts'
import { runCommand, runInNetwork } from './run-command.ts'

export interface ConvergeRequest {
  readonly runDirectory: string
  readonly network: NetworkSpec
  readonly machine: MachineSpec
  readonly pid: number
}

/** What was set last, by machine and incarnation's pid: an unchanged link costs nothing. */
const inForce = new Map<string, string>()

/** Gives a running machine's `eth0`, and the router's way to it, the addresses that the network now says, and takes the others. */
export async function convergeLink(request: ConvergeRequest): Promise<void> {
  const { machine, network, pid } = request
  if (!network.interfaces.some((face) => face.id === machine.interfaceId)) return
  const link = linkOf(network, machine.id, machine.interfaceId)
  const key = keyOf(request.runDirectory, machine.id, pid)
  if (inForce.get(key) === link.addresses.join(' ')) return
  await convergeInside(pid, link)
  await convergeRouter(networkNamespacePath(request.runDirectory, network.id), link)
  inForce.set(key, link.addresses.join(' '))
}

/** Notes what a machine's start has set already. */
export function noteLink(runDirectory: string, machineId: string, pid: number, link: Link): void {
  inForce.set(keyOf(runDirectory, machineId, pid), link.addresses.join(' '))
}

/** Removes a machine's link from the router; removing what is not there succeeds. */
export async function removeLink(runDirectory: string, machine: MachineSpec): Promise<void> {
  const namespace = networkNamespacePath(runDirectory, machine.networkId)
  if (!existsSync(namespace)) return
  const device = deviceName('m', machine.id)
  const remove = `ip link show dev ${device} >/dev/null 2>&1 || exit 0; ip link delete ${device}`
  await runInNetwork(namespace, [
    'sh',
    '-c',
    `${remove} || ! ip link show dev ${device} 2>/dev/null`,
  ])
}

function keyOf(runDirectory: string, machineId: string, pid: number): string {
  return `${runDirectory}/${machineId}/${pid}`
}

async function convergeInside(pid: number, link: Link): Promise<void> {
  const enter = ['--target', String(pid), '--net']
  const shown = await runCommand('nsenter', [
    ...enter,
    'ip',
    '-o',
    '-4',
    'addr',
    'show',
    'dev',
    'eth0',
  ])
  const present = [...shown.matchAll(/inet ([\d.]+)\/(\d+)/g)].map((m) => [m[1]!, m[2]!] as const)
  const batch = [
    ...link.addresses
      .filter((address) => !present.some(([each]) => each === address))
      .map((address) => `addr add ${address}/32 dev eth0`),
    ...present
      .filter(([address]) => !link.addresses.includes(address))
      .map(([address, prefix]) => `addr delete ${address}/${prefix} dev eth0`),
  ]
  if (batch.length > 0)
    await runCommand('nsenter', [...enter, 'ip', '-batch', '-'], batch.join('\n'))
}

async function convergeRouter(namespace: string, link: Link): Promise<void> {
  const shown = await runInNetwork(namespace, ['ip', '-o', 'route', 'show', 'dev', link.device])
  const present = [...shown.matchAll(/^([\d.]+) /gm)].map((match) => match[1]!)
  const batch = [
    ...link.addresses.map((address) => `route replace ${address}/32 dev ${link.device}`),
    ...present
      .filter((address) => !link.addresses.includes(address))
      .map((address) => `route delete ${address}/32 dev ${link.device}`),
  ]
  await runInNetwork(namespace, ['ip', '-batch', '-'], batch.join('\n'))
}
