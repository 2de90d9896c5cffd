import type { AbortSignalLike } from '../kernel/clock.ts'
import { arnOf } from '../kernel/arn.ts'
import { isSameScope, type Scope } from '../kernel/scope.ts'
import { mirrorKey } from '../store/mirror.ts'
import type { StoredRecord } from '../store/records.ts'
import { appendLog, type LogPart } from './append-log.ts'
import { deployments, type Deployment } from './deployment.ts'
import { deploymentTargets, targetKey, type Diagnostics } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'
import { isRegistered, type OnPremisesInstance } from './on-premises.ts'
import { CommandIndex, type ChangedHosts } from './command-index.ts'
import { HeldPolls } from './held-polls.ts'
import { hostCommands, type HostCommand } from './host-command.ts'
import { HostPlaces, type PollingHost } from './host-places.ts'

export interface PollRequest {
  readonly hosts: readonly PollingHost[]
  /**
   * Our own protocol: the agent can be asked again what became of a command that it took, and names in `running` those that it has in
   * hand. Others that it took are served again: its process must have died in between.
   */
  readonly resumable: boolean
  readonly running: readonly string[]
  readonly commandsMax: number
  readonly waitMilliseconds: number
  readonly signal?: AbortSignalLike
}

export interface ServedCommand {
  readonly scope: Scope
  readonly command: HostCommand
  readonly hostArn: string
}

/** What agents ask of deployments (fact sheet §1). */
export interface HostCommands {
  /** The next commands, at once or as soon as there are any. Each is leased: served again unless it is acknowledged in time. */
  poll(request: PollRequest): Promise<readonly ServedCommand[]>
  deployment(scope: Scope, deploymentId: string): Promise<Deployment | undefined>
  /** Whether a deployment goes to this host. */
  isTarget(scope: Scope, deploymentId: string, host: PollingHost): Promise<boolean>
  /** The registered server whose agent goes by this ARN. */
  onPremisesHost(scope: Scope, arn: string): Promise<PollingHost | undefined>
  /** The ARN by which the agent of a host signs, where it is a registered server. */
  onPremisesArn(scope: Scope, instanceId: string): Promise<string | undefined>
  /** `InProgress`: run it. `Failed`: it is not to be run (again). */
  acknowledge(
    scope: Scope,
    commandId: string,
    isResumed?: boolean,
  ): Promise<'InProgress' | 'Succeeded' | 'Failed'>
  /** The first result counts; later ones change nothing. */
  complete(scope: Scope, commandId: string, result: CommandResult): Promise<CompleteOutcome>
  status(scope: Scope, commandId: string): Promise<HostCommand['status'] | undefined>
  appendLog(scope: Scope, commandId: string, part: LogPart): Promise<void>
}

/**
 * `known`: it has its result already. `not-acknowledged`: nobody took it, so nobody can have done it; only a failure may come first, as
 * AWS's 1.8 agent reports a specification that it cannot read. `unknown`: there never was such a command.
 */
export type CompleteOutcome = 'taken' | 'known' | 'not-acknowledged' | 'unknown'

export interface CommandResult {
  readonly status: 'Succeeded' | 'Failed'
  readonly diagnostics: Diagnostics
}

/** A served command comes again after this, unless acknowledged: agents acknowledge within a second or are dead. */
const leaseMilliseconds = 5000
/** A poll for many gathers what changes at nearly the same time: 10 ms for 500 hosts, nothing for less than 50. */
const hostsPerMillisecond = 50

export function hostCommandQueue(world: DeployWorld): HostCommands {
  const queue = new Queue(world)
  const { store } = world.context
  return {
    poll: (request) => queue.poll(request),
    acknowledge: (scope, id, isResumed = false) => queue.acknowledge(scope, id, isResumed),
    complete: (scope, id, result) => queue.complete(scope, id, result),
    appendLog: (scope, id, part) => appendLog(store, scope, id, part),
    async deployment(scope, id) {
      return (await store.find(deployments, scope, id))?.value
    },
    async isTarget(scope, deploymentId, host) {
      if (!isWithin(scope, host.scope)) return false
      const key = targetKey(deploymentId, host.instanceId)
      const isTarget = (await store.find(deploymentTargets, scope, key)) !== undefined
      if (isTarget) await world.hearing.heard([{ scope, instanceId: host.instanceId }])
      return isTarget
    },
    async onPremisesHost(scope, arn) {
      const at = (await world.watched.identities.read()).get(mirrorKey({ scope, id: arn }))
      return at && { scope, instanceId: at.value.instanceName }
    },
    async onPremisesArn(scope, id) {
      const server = id.startsWith('i-') ? undefined : await findServer(world, scope, id)
      return server && isRegistered(server) ? server.identity.arn : undefined
    },
    async status(scope, id) {
      return (await store.find(hostCommands, scope, id))?.value.status
    },
  }
}

interface HeldPoll {
  readonly request: PollRequest
  readonly hosts: ReadonlyMap<string, PollingHost>
  readonly changes: ChangedHosts
}

class Queue {
  readonly #world: DeployWorld
  readonly #index: CommandIndex
  readonly #held: HeldPolls
  readonly #places: HostPlaces

  constructor(world: DeployWorld) {
    this.#world = world
    this.#index = new CommandIndex(world.context)
    this.#held = new HeldPolls(world.context.clock)
    this.#places = new HostPlaces(world.context)
  }

  async poll(request: PollRequest): Promise<readonly ServedCommand[]> {
    const { clock } = this.#world.context
    const hosts = new Map(request.hosts.map((host) => [host.instanceId, host]))
    const until = clock.now() + request.waitMilliseconds
    await this.#heard(request.hosts)
    const changes = this.#index.wait(hosts)
    try {
      return await this.#pollUntil(until, { request, hosts, changes })
    } finally {
      changes.stop()
    }
  }

  /** Looks at all hosts once and whenever a lease runs out, in between at those whose commands changed. */
  async #pollUntil(until: number, poll: HeldPoll): Promise<readonly ServedCommand[]> {
    const { clock } = this.#world.context
    const { request, hosts, changes } = poll
    let againAt = Number.NEGATIVE_INFINITY
    for (;;) {
      const isWhole = againAt <= clock.now()
      const changed = changes.waiter.take()
      const looked = await this.#serve(request, hosts, isWhole ? hosts.keys() : changed)
      againAt = isWhole ? looked.againAt : Math.min(againAt, looked.againAt)
      const left = until - clock.now()
      if (looked.served.length > 0 || left <= 0 || request.signal?.aborted) return looked.served
      const pause = Math.max(1, Math.min(left, againAt - clock.now()))
      const { change } = changes.waiter
      if (!(await this.#held.hold(change, pause, request.signal))) return []
      const gather = Math.floor(hosts.size / hostsPerMillisecond)
      if (gather > 0) await clock.sleep(gather, request.signal)
    }
  }

  /** Whoever speaks of a command is alive. */
  async #heardOf(scope: Scope, commandId: string): Promise<void> {
    await this.#heard([{ scope, instanceId: commandId.split('/')[1] ?? '' }])
  }

  async #heard(hosts: readonly PollingHost[]): Promise<void> {
    await this.#world.hearing.heard(await this.#places.placed(hosts))
  }

  /** `againAt`: when the first of the leases runs out that keep commands from these hosts. */
  async #serve(
    request: PollRequest,
    hosts: ReadonlyMap<string, PollingHost>,
    looked: Iterable<string>,
  ): Promise<{ served: readonly ServedCommand[]; againAt: number }> {
    const now = this.#world.context.clock.now()
    const commands = (await this.#index.commandsOf(looked)).filter((record) =>
      isWithin(record.scope, hosts.get(record.value.instanceId)?.scope),
    )
    const due = commands.filter((record) => isDue(record.value, request, now))
    const leased = await Promise.all(
      due.slice(0, request.commandsMax).map((record) => this.#lease(record, request)),
    )
    const leases = commands.map((record) => record.value.leasedUntil ?? 0)
    return {
      served: leased.filter((command) => command !== undefined),
      againAt: leases.filter((end) => end > now).reduce((a, b) => Math.min(a, b), Infinity),
    }
  }

  async #lease(
    record: StoredRecord<HostCommand>,
    request: PollRequest,
  ): Promise<ServedCommand | undefined> {
    const { clock } = this.#world.context
    const { scope, id } = record
    let isOurs = false
    const leased = await this.#index.modify({ scope, id }, (command) => {
      isOurs = isDue(command, request, clock.now())
      if (!isOurs) return undefined
      const leasedUntil = clock.now() + leaseMilliseconds
      return { ...command, leasedUntil, ...(request.resumable && { resumable: true }) }
    })
    if (!leased || !isOurs) return undefined
    const hostArn = await this.#identifierOf(scope, leased.value.instanceId)
    return { scope, command: leased.value, hostArn }
  }

  /** What its agent calls a host: a registered server by the ARN of who it signs as. */
  async #identifierOf(scope: Scope, instanceId: string): Promise<string> {
    const isInstance = instanceId.startsWith('i-')
    const server = isInstance ? undefined : await findServer(this.#world, scope, instanceId)
    return server?.identity.arn ?? arnOf('ec2', scope, `instance/${instanceId}`)
  }

  async acknowledge(
    scope: Scope,
    id: string,
    isResumed: boolean,
  ): Promise<'InProgress' | 'Succeeded' | 'Failed'> {
    const now = this.#world.context.clock.now()
    await this.#heardOf(scope, id)
    let answer: 'InProgress' | 'Succeeded' | 'Failed' = 'Failed'
    await this.#index.modify({ scope, id }, (command): HostCommand | undefined => {
      const isAgain = command.status === 'InProgress' && command.resumable === true && isResumed
      answer = command.status === 'Pending' || isAgain ? 'InProgress' : 'Failed'
      if (command.status !== 'Pending') return undefined
      return { ...command, status: 'InProgress', acknowledgedAt: now }
    })
    return answer
  }

  async complete(scope: Scope, id: string, result: CommandResult): Promise<CompleteOutcome> {
    const now = this.#world.context.clock.now()
    await this.#heardOf(scope, id)
    let outcome: CompleteOutcome = 'known'
    const record = await this.#index.modify({ scope, id }, (command) => {
      outcome = 'known'
      if (command.status === 'Succeeded' || command.status === 'Failed') return undefined
      if (command.status === 'Pending' && result.status === 'Succeeded') {
        outcome = 'not-acknowledged'
        return undefined
      }
      outcome = 'taken'
      return { ...command, ...result, completedAt: now }
    })
    if (record) return outcome
    return (await this.#wasAsked(scope, id)) ? 'known' : 'unknown'
  }

  /** Whether a command that is gone was asked for once. */
  async #wasAsked(scope: Scope, id: string): Promise<boolean> {
    const [deploymentId = '', targetId = '', name = ''] = id.split('/')
    const key = targetKey(deploymentId, targetId)
    const target = await this.#world.context.store.find(deploymentTargets, scope, key)
    const event = target?.value.events.find((one) => one.name === name)
    return event !== undefined && event.status !== 'Pending' && event.status !== 'Skipped'
  }
}

async function findServer(
  world: DeployWorld,
  scope: Scope,
  name: string,
): Promise<OnPremisesInstance | undefined> {
  return (await world.watched.servers.read()).get(mirrorKey({ scope, id: name }))?.value
}

function isDue(command: HostCommand, request: PollRequest, now: number): boolean {
  const isFree = command.leasedUntil === undefined || command.leasedUntil <= now
  if (command.status === 'Pending') return isFree
  return (
    command.status === 'InProgress' &&
    command.resumable === true &&
    request.resumable &&
    isFree &&
    !request.running.includes(command.commandId)
  )
}

function isWithin(scope: Scope, asked: Scope | undefined): boolean {
  return !asked || isSameScope(asked, scope)
}
