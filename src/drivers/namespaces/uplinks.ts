import { createHash } from 'node:crypto'
import type { NetworkSpec } from '../../protocol/network.ts'
import { deviceName, networkNamespacePath } from './paths.ts'
import type { Uplink } from './plan-router.ts'
import { runCommand, runInNetwork } from './run-command.ts'

const device = 'uplink'

/**
 * A VPC's link to the host machine's own network, so that public addresses answer from there. Only where we are the real
 * root. The host's forwarding and firewall stay as they are; machines answer through it, and cannot open connections.
 */
export class Uplinks {
  readonly #runDirectory: string
  /** Routed by this process already, by network: what does not change is not looked at again. */
  readonly #routed = new Map<string, ReadonlySet<string>>()

  constructor(runDirectory: string) {
    this.#runDirectory = runDirectory
  }

  /** The link of a network that has a route to the internet; undefined, and removed, for others. */
  async ensure(spec: NetworkSpec): Promise<Uplink | undefined> {
    if (!spec.subnets.some((s) => s.routes.some((route) => route.target === 'internet'))) {
      await this.remove(spec.id)
      return undefined
    }
    const pair = addressPair(this.#runDirectory, spec.id)
    const uplink = { device, hostAddress: pair.outer }
    if (this.#routed.has(spec.id)) return uplink
    const outer = this.#outerDevice(spec.id)
    const namespace = networkNamespacePath(this.#runDirectory, spec.id)
    if (!(await this.#exists(outer)))
      await runCommand('ip', [
        'link',
        'add',
        outer,
        'type',
        'veth',
        'peer',
        'name',
        device,
        'netns',
        namespace,
      ])
    await runInNetwork(
      namespace,
      ['ip', '-batch', '-'],
      `addr replace ${pair.inner}/31 dev ${device}\nlink set ${device} up\n`,
    )
    await runCommand(
      'ip',
      ['-batch', '-'],
      `addr replace ${pair.outer}/31 dev ${outer}\nlink set ${outer} up\n`,
    )
    return uplink
  }

  /** Leads the public addresses of a network that has its link to it, and no others. */
  async route(spec: NetworkSpec): Promise<void> {
    const outer = this.#outerDevice(spec.id)
    const pair = addressPair(this.#runDirectory, spec.id)
    const wanted = new Set(spec.interfaces.flatMap((face) => face.publicAddress ?? []))
    const present = this.#routed.get(spec.id) ?? (await routedNow(outer))
    const batch = [
      ...[...present]
        .filter((address) => !wanted.has(address))
        .map((address) => `route delete ${address} dev ${outer} proto static`),
      ...[...wanted]
        .filter((address) => !present.has(address))
        .map(
          (address) =>
            `route replace ${address}/32 via ${pair.inner} dev ${outer} src ${pair.outer} proto static`,
        ),
    ]
    this.#routed.delete(spec.id)
    if (batch.length > 0) await runCommand('ip', ['-batch', '-'], `${batch.join('\n')}\n`)
    this.#routed.set(spec.id, wanted)
  }

  async remove(networkId: string): Promise<void> {
    this.#routed.delete(networkId)
    const outer = this.#outerDevice(networkId)
    if (await this.#exists(outer)) await runCommand('ip', ['link', 'delete', outer])
  }

  async #exists(name: string): Promise<boolean> {
    const listed = await runCommand('ip', ['-o', 'link', 'show', 'type', 'veth'])
    return listed.includes(` ${name}@`)
  }

  /** Derived from installation and network, so that two installations on one machine do not collide. */
  #outerDevice(networkId: string): string {
    return deviceName('ek', `${this.#runDirectory}/${networkId}`)
  }
}

async function routedNow(outer: string): Promise<ReadonlySet<string>> {
  const listed = await runCommand('ip', ['-o', 'route', 'show', 'dev', outer, 'proto', 'static'])
  return new Set(listed.split('\n').flatMap((line) => /^(\S+)/.exec(line)?.[1] ?? []))
}

interface AddressPair {
  readonly outer: string
  readonly inner: string
}

/**
 * Two link-local addresses, from the half that no cloud's metadata lies in: the link reaches one machine only, and public
 * addresses come from other ranges.
 */
function addressPair(runDirectory: string, networkId: string): AddressPair {
  const digest = createHash('sha256').update(`${runDirectory}/${networkId}`).digest()
  const base = digest.readUInt16BE(0) & 0x7ffe
  const text = (offset: number): string => `169.254.${(base >>> 8) + 1}.${(base & 0xff) + offset}`
  return { outer: text(0), inner: text(1) }
}
