import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { ComputeDriver } from '../../compute/driver.ts'
import type { NetworkDriver } from '../../network/driver.ts'
import type { MachineSpec, MachineStatus } from '../../protocol/machine.ts'
import type { InterfaceSpec, NetworkSpec, SecurityGroupSpec } from '../../protocol/network.ts'

/** Both contracts as a suite meets them, and what the world behind them can do. */
export interface HostWorld {
  readonly compute: ComputeDriver
  readonly network: NetworkDriver
  /** False of the fake, whose machines run no programs and whose networks carry no packets. */
  readonly isReal: boolean
  /** False where machines have one user alone: an account without subordinate ids. */
  readonly hasUsers: boolean
  /** Kills a machine's first process from outside, as `kill -9` would. */
  killMachine(status: MachineStatus): void
  /** The owner of the machines dies without a word and comes again. */
  restartHost(): Promise<void>
}

export const allowAll = { protocol: 'all', peer: { cidr: '0.0.0.0/0' } } as const

const openGroup: SecurityGroupSpec = {
  id: 'sg-open',
  ingress: [allowAll],
  egress: [allowAll],
}

/** A VPC with two subnets on 10.0.0.0/16, its interfaces and groups as given. */
export function networkOf(
  id: string,
  interfaces: readonly InterfaceSpec[],
  securityGroups: readonly SecurityGroupSpec[] = [openGroup],
  generation = 1,
): NetworkSpec {
  const subnets = [
    { id: 'subnet-a', zone: 'zone-a', cidr: '10.0.1.0/24', gateway: '10.0.1.1', routes: [] },
    { id: 'subnet-b', zone: 'zone-b', cidr: '10.0.2.0/24', gateway: '10.0.2.1', routes: [] },
  ]
  return { id, generation, cidr: '10.0.0.0/16', subnets, interfaces, securityGroups }
}

/** The interface of a machine; its subnet follows from the address. */
export function faceOf(
  machineId: string,
  address: string,
  securityGroupIds: readonly string[] = ['sg-open'],
): InterfaceSpec {
  const subnetId = address.startsWith('10.0.1.') ? 'subnet-a' : 'subnet-b'
  return { id: `eni-${machineId}`, machineId, subnetId, address, securityGroupIds }
}

export function machineOf(id: string, networkId: string, script?: string): MachineSpec {
  return {
    id,
    zone: 'zone-a',
    image: 'default',
    hostname: `host-${id}`,
    networkId,
    interfaceId: `eni-${id}`,
    ...(script === undefined ? {} : { userData: Buffer.from(script).toString('base64') }),
  }
}

/** Waits for a condition, at most ten seconds. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (await holds()) return
    await delay(20)
  }
  assert.fail(`never: ${what}`)
}

/** A shell line inside a machine, as root or another user: its output and exit code. */
export async function shell(
  compute: ComputeDriver,
  machineId: string,
  script: string,
  user?: string,
): Promise<{ output: string; exitCode: number | undefined }> {
  let output = ''
  const { exitCode } = await compute.exec(
    { machineId, command: ['sh', '-c', script], ...(user === undefined ? {} : { user }) },
    { output: (_stream, chunk) => void (output += chunk.toString()) },
  )
  return { output: output.trim(), exitCode }
}
