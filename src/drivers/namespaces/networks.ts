import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DriverError } from '../../kernel/errors.ts'
import type { NetworkDriver } from '../../network/driver.ts'
import type { NetworkSpec, NetworkStatus } from '../../protocol/network.ts'
import type { NetworkFiles } from '../machines/network-files.ts'
import { NetworkWaits } from '../machines/network-waits.ts'
import { networkNamespacePath } from './paths.ts'
import { planRouter, type RouterPlan, type Uplink } from './plan-router.ts'
import { planSecurity, type SecurityPlan } from './plan-security.ts'
import { changedRules } from './rule-text.ts'
import { runCommand, runInNetwork } from './run-command.ts'
import type { Uplinks } from './uplinks.ts'

export interface NetworksOptions {
  readonly runDirectory: string
  readonly files: NetworkFiles
  /** Absent for an ordinary user, who cannot link to the host machine's network. */
  readonly uplinks: Uplinks | undefined
  /** Gives running machines of the network the addresses that they have now. */
  convergeMachines(spec: NetworkSpec): Promise<void>
}

/** Of a namespace's settings; it forwards nothing until its rules are there. */
const settings = [
  'conf/all/rp_filter 0',
  'conf/default/rp_filter 0',
  'conf/all/send_redirects 0',
  'conf/default/send_redirects 0',
  'conf/all/accept_redirects 0',
  'conf/default/accept_redirects 0',
]

/** VPCs as network namespaces. Calls for one network run one after another. */
export class NamespaceNetworks implements NetworkDriver {
  readonly #options: NetworksOptions
  readonly #turns = new Map<string, Promise<unknown>>()
  /** What was put into the kernel by this process, to leave out what would change nothing. */
  readonly #inForce = new Map<string, { router: string; security: SecurityPlan }>()
  /** Specifications whose namespace is there and whose rules are being put into it. */
  readonly #announced = new Map<string, NetworkSpec>()
  /** In force, and the disk does not say so yet. */
  readonly #unsaved = new Map<string, NetworkSpec>()
  readonly #waits = new NetworkWaits()

  constructor(options: NetworksOptions) {
    this.#options = options
  }

  apply(spec: NetworkSpec): Promise<void> {
    return this.#inTurn(spec.id, async () => {
      const known = this.#options.files.find(spec.id)
      if (known && known.generation > spec.generation) {
        throw new DriverError(
          `network ${spec.id}: generation ${spec.generation} is older than ${known.generation}, which is in force`,
          { retryable: false },
        )
      }
      try {
        const uplink = await this.#make(spec)
        this.#unsaved.set(spec.id, spec)
        this.#waits.look()
        // Ways to public addresses and the disk take milliseconds, which the machines that wait need not.
        await nextTurn()
        if (uplink) await this.#options.uplinks?.route(spec)
        this.#options.files.save(spec)
        this.#unsaved.delete(spec.id)
      } finally {
        this.#announced.delete(spec.id)
      }
      await this.#options.convergeMachines(spec)
    })
  }

  remove(networkId: string): Promise<void> {
    return this.#inTurn(networkId, async () => {
      await this.#unmake(networkId)
      this.#unsaved.delete(networkId)
      this.#options.files.remove(networkId)
    })
  }

  async list(): Promise<readonly NetworkStatus[]> {
    return this.#options.files
      .list()
      .filter((spec) => this.#isRuled(spec.id))
      .map(({ id, generation }) => ({ id, generation }))
  }

  /** The network as applied. Throws while it is not. */
  specOf(networkId: string): NetworkSpec {
    const spec = this.#find(networkId)
    if (spec && this.#isRuled(networkId)) return spec
    throw new DriverError(`network ${networkId} is not applied on this host`, { retryable: true })
  }

  /** The network as applied with a subnet. */
  knownWith(networkId: string, subnetId: string): NetworkSpec | undefined {
    const spec = this.#find(networkId)
    const hasIt = spec?.subnets.some((subnet) => subnet.id === subnetId) === true
    return hasIt && this.#exists(networkId) ? spec : undefined
  }

  /** The network as it is about to be with an interface: links may be made, and nobody may use them yet. */
  announcedWith(networkId: string, interfaceId: string): Promise<NetworkSpec> {
    return this.#specWith(networkId, interfaceId, () =>
      this.#exists(networkId) ? [this.#announced.get(networkId), this.#find(networkId)] : [],
    )
  }

  /** The network as applied with an interface. */
  inForceWith(networkId: string, interfaceId: string): Promise<NetworkSpec> {
    return this.#specWith(networkId, interfaceId, () =>
      this.#isRuled(networkId) ? [this.#find(networkId)] : [],
    )
  }

  #find(networkId: string): NetworkSpec | undefined {
    return this.#unsaved.get(networkId) ?? this.#options.files.find(networkId)
  }

  #specWith(
    networkId: string,
    interfaceId: string,
    specs: () => readonly (NetworkSpec | undefined)[],
  ): Promise<NetworkSpec> {
    const hasIt = (spec: NetworkSpec | undefined): boolean =>
      spec?.interfaces.some((face) => face.id === interfaceId) === true
    return this.#waits.until(`interface ${interfaceId} of network ${networkId}`, () =>
      specs().find(hasIt),
    )
  }

  /** Removes every namespace and link and keeps what is known of them, for a shutdown. */
  async unmakeAll(): Promise<void> {
    for (const spec of this.#options.files.list()) await this.#unmake(spec.id)
  }

  #exists(networkId: string): boolean {
    return isNamespace(networkNamespacePath(this.#options.runDirectory, networkId))
  }

  /** Its namespace has had rules and ways, by this host process or an earlier one. */
  #isRuled(networkId: string): boolean {
    return existsSync(ruledMark(this.#options.runDirectory, networkId)) && this.#exists(networkId)
  }

  /** Gives its link to the host machine's own network, where it has one. */
  async #make(spec: NetworkSpec): Promise<Uplink | undefined> {
    const namespace = networkNamespacePath(this.#options.runDirectory, spec.id)
    if (!this.#exists(spec.id)) await makeNamespace(namespace)
    this.#announced.set(spec.id, spec)
    this.#waits.look()
    const uplink = await this.#options.uplinks?.ensure(spec)
    const router = planRouter(spec, uplink)
    const security = planSecurity(spec, uplink?.device)
    const isRuled = this.#isRuled(spec.id)
    const before = isRuled ? this.#inForce.get(spec.id) : undefined
    const routerText = JSON.stringify(router)
    this.#inForce.delete(spec.id)
    // Rules before ways: nothing gets through a router that has no rules yet.
    const rules = changedRules(before?.security, security)
    const program = isRuled ? ['nft', '-f', '-'] : ['sh', '-ec', ruleAndForward]
    if (rules.text !== '') await runInNetwork(namespace, program, rules.text)
    if (before?.router !== routerText) await makeRouter(namespace, router)
    if (!isRuled) writeFileSync(ruledMark(this.#options.runDirectory, spec.id), '')
    this.#inForce.set(spec.id, { router: routerText, security: rules.inForce })
    return uplink
  }

  async #unmake(networkId: string): Promise<void> {
    await this.#options.uplinks?.remove(networkId)
    this.#inForce.delete(networkId)
    rmSync(ruledMark(this.#options.runDirectory, networkId), { force: true })
    const namespace = networkNamespacePath(this.#options.runDirectory, networkId)
    if (!this.#exists(networkId)) return
    await runCommand('umount', ['-l', namespace])
    rmSync(namespace, { force: true })
  }

  #inTurn<T>(networkId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(networkId) ?? Promise.resolve()
    const turn = before.then(work, work)
    this.#turns.set(
      networkId,
      turn.catch(() => undefined),
    )
    return turn
  }
}

/** The file system that namespaces' names are bound from, `NSFS_MAGIC`; an interrupted attempt leaves a plain file. */
const namespaceFileSystem = 0x6e736673

function isNamespace(path: string): boolean {
  try {
    return statfsSync(path).type === namespaceFileSystem
  } catch {
    return false
  }
}

/** Beside the name of a namespace, on the same tmpfs: it goes with it. */
function ruledMark(runDirectory: string, networkId: string): string {
  return `${networkNamespacePath(runDirectory, networkId)}.ruled`
}

const ruleAndForward = 'nft -f - && echo 1 > /proc/sys/net/ipv4/ip_forward'

/** A namespace with this name forwards nothing yet. */
async function makeNamespace(path: string): Promise<void> {
  writeFileSync(path, '')
  try {
    const set = settings.map((line) => {
      const [name, value] = line.split(' ')
      return `echo ${value} > /proc/sys/net/ipv4/${name}`
    })
    const quiet =
      '[ ! -d /proc/sys/net/ipv6 ] || echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'
    await runCommand('unshare', [
      `--net=${path}`,
      'sh',
      '-ec',
      [...set, quiet, 'ip link set lo up'].join('\n'),
    ])
  } catch (thrown) {
    await runCommand('umount', ['-l', path]).catch(() => undefined)
    rmSync(path, { force: true })
    throw thrown
  }
}

/** Addresses that are no longer wanted go; rules and subnets' tables are made anew in one batch. */
async function makeRouter(namespace: string, plan: RouterPlan): Promise<void> {
  const shown = await runInNetwork(namespace, ['ip', '-o', '-4', 'addr', 'show', 'dev', 'lo'])
  const present = [...shown.matchAll(/inet (\S+)\/32/g)].map((match) => match[1]!)
  const tables = await runInNetwork(namespace, ['ip', '-o', 'route', 'show', 'table', 'all'])
  const numbers = new Set([...tables.matchAll(/ table (\d+)/g)].map((match) => match[1]!))
  const batch = [
    ...present
      .filter((address) => !plan.addresses.includes(address))
      .map((address) => `addr delete ${address}/32 dev lo`),
    ...plan.addresses
      .filter((address) => !present.includes(address))
      .map((address) => `addr add ${address}/32 dev lo`),
    ...[...numbers].map((number) => `route flush table ${number}`),
    ...plan.batch,
  ]
  await runInNetwork(namespace, ['ip', '-batch', '-'], `${batch.join('\n')}\n`)
}
