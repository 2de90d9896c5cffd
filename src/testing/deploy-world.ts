import { Readable } from 'node:stream'
import type { TargetView } from '../balance/targets.ts'
import { instances as instanceKind, type Instance, type Instances } from '../compute/instance.ts'
import { createDeploy, type Deploy } from '../deploy/create-deploy.ts'
import { activeDeployments, deployments, type Deployment } from '../deploy/deployment.ts'
import { builtInConfigs, type DeploymentConfig } from '../deploy/deployment-config.ts'
import { deploymentGroups, groupKey, type DeploymentGroup } from '../deploy/deployment-group.ts'
import { deploymentTargets, type DeploymentTarget } from '../deploy/deployment-target.ts'
import type { Fleets } from '../deploy/deploy-world.ts'
import type { DeployLimits } from '../deploy/plan-target.ts'
import type { StartRequest } from '../deploy/start-deployment.ts'
import { silentLog } from '../kernel/ports.ts'
import type { Tag } from '../kernel/tags.ts'
import type { Scope } from '../kernel/scope.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import type { Group } from '../scale/group.ts'
import type { GroupMember, LaunchSubscriber } from '../scale/groups.ts'
import type { Store } from '../store/records.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

export const deployScope: Scope = { account: '000000000000', region: 'us-east-1' }
const targetGroupArn =
  'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef'

/** What a simulated host answers to a command. Undefined: it is silent. */
export type Answer = 'ok' | 'fail' | 'take' | undefined

/** The deploy engine on fakes of its neighbours, with agents that a test scripts. */
export interface DeployWorldOfTests {
  readonly store: Store
  readonly clock: ManualClock
  readonly deploy: Deploy
  /** States by name. */
  readonly alarms: Map<string, 'OK' | 'ALARM'>
  /** Nothing drains or becomes healthy while it is set. */
  holdsTraffic: boolean
  /** Agents are ours: what one took and died over is taken up again. */
  agentsResume: boolean
  /** A server's death and its successor: a new engine on the same records. */
  restart(): void
  readonly group: DeploymentGroup
  readonly members: (GroupMember & { readonly group: string })[]
  /** Auto Scaling groups by name; `asg` is there. */
  readonly fleets: ReadonlyMap<string, Group>
  readonly targets: Map<string, TargetView>
  /** `i-1 Install`, in the order that agents ran them. */
  readonly ran: string[]
  /** Most hosts at once that were under way. */
  underWayMax(): number
  /** By `i-1 Install`; `ok` when absent. */
  readonly answers: Map<string, Answer>
  subscriber(): LaunchSubscriber
  /** A member of `asg` in service that serves, unless it is said otherwise. */
  addInstance(
    instanceId: string,
    to?: { group?: string; tags?: readonly Tag[]; serves?: boolean },
  ): Promise<void>
  loseInstance(instanceId: string): Promise<void>
  /** Objects that do not exist are those without an appspec here. */
  readonly appspecs: Map<string, string>
  begin(change?: Partial<StartRequest>): Promise<string>
  /** Reconciles and lets agents work, turning the clock, until no deployment is active or `roundsMax` is reached. */
  run(roundsMax?: number): Promise<void>
  /** No deployment is active. */
  isIdle(): Promise<boolean>
  deployment(deploymentId: string): Promise<Deployment>
  targetsOf(deploymentId: string): Promise<readonly DeploymentTarget[]>
}

export const goodAppspec = 'version: 0.0\nos: linux\n'

export async function deployWorld(options: {
  readonly hosts: number
  readonly config?: DeploymentConfig
  readonly withTrafficControl?: boolean
  readonly group?: Partial<DeploymentGroup>
  readonly limits?: Partial<DeployLimits>
}): Promise<DeployWorldOfTests> {
  const world = new TestWorld(options)
  await world.store.insert(
    deploymentGroups,
    { scope: deployScope, id: groupKey('app', 'web'), owner: 'app' },
    world.group,
  )
  for (let n = 1; n <= options.hosts; n++) await world.addInstance(`i-${n}`)
  return world
}

class TestWorld implements DeployWorldOfTests {
  readonly clock = manualClock()
  readonly store = memoryStore(this.clock)
  readonly members: (GroupMember & { readonly group: string })[] = []
  readonly fleets = new Map([
    [
      'asg',
      {
        name: 'asg',
        minSize: 1,
        maxSize: 9,
        desiredCapacity: 3,
        targetGroupArns: [targetGroupArn],
        tags: [],
      } as Partial<Group> as Group,
    ],
  ])
  readonly targets = new Map<string, TargetView>()
  readonly ran: string[] = []
  readonly answers = new Map<string, Answer>()
  readonly appspecs = new Map([['v1.zip', goodAppspec]])
  readonly group: DeploymentGroup
  deploy: Deploy
  readonly alarms = new Map<string, 'OK' | 'ALARM'>()
  holdsTraffic = false
  agentsResume = false
  readonly #limits: Partial<DeployLimits>
  readonly #config: DeploymentConfig
  #subscriber: LaunchSubscriber | undefined
  #underWayMax = 0

  constructor(options: Parameters<typeof deployWorld>[0]) {
    this.#config = options.config ?? (builtInConfigs[2] as DeploymentConfig)
    this.group = {
      deploymentGroupId: '11111111-2222-4333-8444-555555555555',
      applicationName: 'app',
      deploymentGroupName: 'web',
      deploymentConfigName: this.#config.deploymentConfigName,
      serviceRoleArn: 'arn:aws:iam::000000000000:role/deploy',
      selection: { ec2TagFilters: [], ec2TagSet: [], autoScalingGroups: ['asg'] },
      withTrafficControl: options.withTrafficControl ?? false,
      targetGroupNames: options.withTrafficControl ? ['web'] : [],
      autoRollback: { enabled: false, events: [] },
      tags: [],
      ...options.group,
    }
    this.#limits = options.limits ?? {}
    this.deploy = this.#newEngine()
  }

  #newEngine(): Deploy {
    const { store, clock } = this
    return createDeploy(
      {
        store,
        clock,
        random: seededRandom(1),
        log: silentLog,
        events: { publish() {} },
        wake: { wake() {} },
      },
      this.#ports(),
    )
  }

  #ports(): Parameters<typeof createDeploy>[1] {
    const { store, members, targets, appspecs } = this
    const instances = {
      list: (scope) => store.list(instanceKind, scope),
      find: (scope, id) => store.find(instanceKind, scope, id),
      terminate: (_scope, id) => this.loseInstance(id),
    } satisfies Partial<Instances> as unknown as Instances
    return {
      instances,
      limits: this.#limits,
      alarms: { state: async (_scope, name) => this.alarms.get(name) },
      groups: {
        members: async (_scope, name) =>
          this.fleets.has(name) ? members.filter((member) => member.group === name) : undefined,
        targetGroupArns: async (_scope, name) => this.fleets.get(name)?.targetGroupArns ?? [],
        ...this.#fleetPort(),
        subscribe: (subscriber) => void (this.#subscriber = subscriber),
      },
      targets: {
        arnOfName: async (_scope, name) => (name === 'web' ? targetGroupArn : undefined),
        list: async () => [...targets.values()],
        async register(_scope, _arn, added) {
          for (const { targetId } of added) targets.set(targetId, targetView(targetId, 'initial'))
        },
        async deregister(_scope, _arn, removed) {
          for (const { targetId } of removed) {
            if (targets.has(targetId)) targets.set(targetId, targetView(targetId, 'draining'))
          }
        },
      },
      objects: {
        head: async () => undefined,
        read: async (_scope, { bucket, key }) =>
          appspecs.has(key)
            ? {
                view: { bucket, key, size: 1, etag: 'e', versionId: undefined, lastModified: 0 },
                body: Readable.from([key]),
              }
            : undefined,
      },
      bundles: {
        async appspec(body) {
          for await (const key of body) {
            return { name: 'appspec.yml', text: appspecs.get(String(key)) ?? '' }
          }
          return undefined
        },
      },
    }
  }

  #fleetPort(): Pick<Fleets, 'find' | 'create' | 'change' | 'remove'> {
    const { fleets } = this
    return {
      find: async (_scope, name) => fleets.get(name),
      create: async (_scope, group) => {
        fleets.set(group.name, group)
        for (let n = 1; n <= group.desiredCapacity; n++) {
          await this.addInstance(`${group.name}-${n}`, { group: group.name, serves: false })
        }
        return true
      },
      async change(_scope, name, change) {
        const group = fleets.get(name)
        if (group) fleets.set(name, change(group))
        return fleets.get(name)
      },
      remove: async (_scope, name) => {
        fleets.delete(name)
        for (const { instanceId } of this.members.filter((member) => member.group === name)) {
          await this.loseInstance(instanceId)
        }
        return 'removed'
      },
    }
  }

  subscriber(): LaunchSubscriber {
    if (!this.#subscriber) throw new Error('nobody subscribed to launches')
    return this.#subscriber
  }

  underWayMax(): number {
    return this.#underWayMax
  }

  async addInstance(
    instanceId: string,
    to: { group?: string; tags?: readonly Tag[]; serves?: boolean } = {},
  ): Promise<void> {
    const { group = 'asg', tags = [], serves = true } = to
    const instance = {
      instanceId,
      state: 'running',
      desired: 'running',
      tags,
    } as Partial<Instance> as Instance
    await this.store.insert(instanceKind, { scope: deployScope, id: instanceId }, instance)
    this.members.push({
      group,
      instanceId,
      zone: 'us-east-1a',
      lifecycleState: 'InService',
      healthStatus: 'Healthy',
    })
    if (serves) this.targets.set(instanceId, targetView(instanceId, 'healthy'))
  }

  async loseInstance(instanceId: string): Promise<void> {
    const record = await this.store.find(instanceKind, deployScope, instanceId)
    if (!record) return
    await this.store.update(record, { ...record.value, state: 'terminated' })
  }

  async begin(change: Partial<StartRequest> = {}): Promise<string> {
    const record = await this.store.find(deploymentGroups, deployScope, groupKey('app', 'web'))
    const outcome = await this.deploy.start(deployScope, {
      group: record?.value ?? this.group,
      config: this.#config,
      revision: { bucket: 'b', key: 'v1.zip', bundleType: 'zip' },
      creator: 'user',
      ...change,
    })
    if (!outcome.ok) throw new Error(`${outcome.activeDeploymentId} is active`)
    return outcome.deploymentId
  }

  async run(roundsMax = 1000): Promise<void> {
    for (let round = 0; round < roundsMax; round++) {
      const active = await this.store.list(activeDeployments, deployScope)
      if (active.length === 0) return
      for (const { value } of active) {
        const signal = new AbortController().signal
        const key = keyOf(deployScope, value.deploymentId)
        await this.deploy.reconcilers[0]?.reconcile(key, signal)
        await this.#countUnderWay(value.deploymentId)
      }
      await this.#balancerWorks()
      await this.#agentsWork()
      await this.clock.advance(1000)
    }
  }

  async isIdle(): Promise<boolean> {
    return (await this.store.list(activeDeployments, deployScope)).length === 0
  }

  async #countUnderWay(deploymentId: string): Promise<void> {
    const targets = await this.targetsOf(deploymentId)
    const underWay = targets.filter((target) => target.status === 'InProgress').length
    this.#underWayMax = Math.max(this.#underWayMax, underWay)
  }

  restart(): void {
    this.deploy = this.#newEngine()
  }

  async #balancerWorks(): Promise<void> {
    if (this.holdsTraffic) return
    for (const [id, view] of this.targets) {
      if (view.state === 'draining') this.targets.delete(id)
      else if (view.state === 'initial') this.targets.set(id, targetView(id, 'healthy'))
    }
  }

  async #agentsWork(): Promise<void> {
    const { hostCommands } = this.deploy
    const silent = new Set(
      [...this.answers].filter(([, answer]) => answer === undefined).map(([key]) => key),
    )
    const hosts = this.members
      .map(({ instanceId }) => ({ instanceId, scope: deployScope }))
      .filter((host) => !silent.has(host.instanceId))
    const poll = {
      resumable: this.agentsResume,
      running: [],
      commandsMax: 100,
      waitMilliseconds: 0,
    }
    for (const { scope, command } of await hostCommands.poll({ ...poll, hosts })) {
      const name = `${command.instanceId} ${command.commandName}`
      const answer = this.answers.has(name) ? this.answers.get(name) : 'ok'
      if (answer === undefined) continue
      const status = await hostCommands.acknowledge(scope, command.commandId, this.agentsResume)
      if (status !== 'InProgress') continue
      this.ran.push(name)
      if (answer === 'take') continue
      await hostCommands.complete(scope, command.commandId, {
        status: answer === 'ok' ? 'Succeeded' : 'Failed',
        diagnostics:
          answer === 'ok'
            ? { errorCode: 'Success', scriptName: '', message: 'Succeeded', logTail: '' }
            : {
                errorCode: 'ScriptFailed',
                scriptName: 'scripts/check.sh',
                message: 'it ended with exit code 1',
                logTail: '[stderr]no answer on port 80\n',
              },
      })
    }
  }

  async deployment(deploymentId: string): Promise<Deployment> {
    const record = await this.store.find(deployments, deployScope, deploymentId)
    if (!record) throw new Error(`no deployment ${deploymentId}`)
    return record.value
  }

  async targetsOf(deploymentId: string): Promise<readonly DeploymentTarget[]> {
    const owner = { owner: deploymentId }
    return (await this.store.list(deploymentTargets, deployScope, owner)).map(({ value }) => value)
  }
}

function targetView(targetId: string, state: TargetView['state']): TargetView {
  return {
    targetId,
    port: 80,
    zone: 'us-east-1a',
    state,
    reason: undefined,
    description: undefined,
  }
}
