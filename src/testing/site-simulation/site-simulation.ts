import assert from 'node:assert/strict'
import { targetGroupArn } from '../../balance/arns.ts'
import type { Random } from '../../kernel/random.ts'
import { groups, type Group, type MixedInstances } from '../../scale/group.ts'
import { Crash } from '../crashing-store.ts'
import { seededRandom } from '../seeded-random.ts'
import { makeGround, type Ground } from './ground.ts'
import { groupName, Laws, scope, whatIsWrong } from './laws.ts'
import { happenings, resume } from './happenings.ts'
import { startServer, type PlantedBug, type SimulatedServer } from './simulated-server.ts'

/** Everything heals within so long once nothing happens any more; a few backoffs at their longest. */
const healingMillisecondsMax = 240_000

/** A site of one group behind one balancer in three zones, and all that chance does to it. */
export class SiteSimulation {
  readonly ground: Ground
  readonly chance: Random
  readonly laws: Laws
  /** What happened, for a person who reads of a failure. */
  readonly script: string[] = []
  /** What was asked of the group and acknowledged. */
  desired = 3
  max = 6
  targetGroupArn = ''
  server: SimulatedServer | undefined
  /** Every third seed's group has types of different weights, half of it on spot. */
  readonly isWeighted: boolean
  readonly #bug: PlantedBug | undefined

  constructor(seed: number, bug?: PlantedBug) {
    this.ground = makeGround(seed)
    this.chance = seededRandom(seed ^ 0x5eed)
    this.laws = new Laws(this.ground)
    this.isWeighted = seed % 3 === 0
    this.#bug = bug
  }

  /** Several things at once, or one, and then some time; in the end all that holds must hold. */
  async run(rounds: number): Promise<void> {
    await this.#build()
    for (let round = 0; round < rounds; round++) {
      const count = 1 + this.chance.below(3)
      for (let i = 0; i < count; i++) await this.#happen()
      await this.pass(this.#pause())
      await this.laws.hold()
    }
    await this.#heal()
  }

  /** The server of this moment: a dead one is followed by its successor. */
  async alive(): Promise<SimulatedServer> {
    if (this.server && !this.server.life.isOver) return this.server
    this.server?.end()
    await this.#start()
    assert.ok(this.server)
    return this.server
  }

  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 1000) {
      await this.ground.clock.advance(Math.min(left, 1000))
      const { balance } = await this.alive()
      await this.#survives(() => this.ground.gateways.look(balance))
    }
  }

  log(line: string): void {
    const seconds = (this.ground.clock.now() - startedAt) / 1000
    this.script.push(`${seconds.toFixed(1)} s: ${line}`)
  }

  /** What was ill for the cut may still be found so for some seconds. */
  healZones(): void {
    const { cutZones, clock } = this.ground
    for (const zone of cutZones) this.laws.excusedUntil.set(zone, clock.now() + 15_000)
    cutZones.clear()
  }

  async #happen(): Promise<void> {
    const happening = happenings[this.chance.below(happenings.length)]
    if (!happening) return
    const isDone = await this.#survives(() => happening(this))
    if (!isDone) await this.#learnWhatWasWritten()
    // The next thing may come in the middle of what this one set off.
    const turns = this.chance.below(500)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
  }

  /** False when the server died of it. */
  async #survives(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (thrown) {
      if (!(thrown instanceof Crash)) throw thrown
      this.log('the server was killed in the middle of it')
      return false
    }
  }

  /** A request without an answer may have had its effect. */
  async #learnWhatWasWritten(): Promise<void> {
    const record = await this.ground.store.find(groups, scope, groupName)
    assert.ok(record)
    this.desired = record.value.desiredCapacity
    this.max = record.value.maxSize
  }

  #pause(): number {
    const pauses = [10, 500, 3000, 12_000, 40_000]
    return this.chance.below(pauses[this.chance.below(pauses.length)] ?? 10) + 10
  }

  async #heal(): Promise<void> {
    const { ground } = this
    this.log('nothing happens any more')
    ground.host.setAway(false)
    this.healZones()
    ground.sick.clear()
    ground.areInstancesUnknown = false
    ground.areLeasesLost = false
    ground.lostLaunches = 0
    while (!(await this.#survives(() => resume(this)))) await this.pass(10)
    let wrong: readonly string[] = ['not looked at']
    for (let waited = 0; wrong.length > 0; waited += 1000) {
      await this.pass(1000)
      await this.laws.hold()
      wrong = await whatIsWrong(ground, await this.alive(), this)
      assert.ok(waited < healingMillisecondsMax, `never healed: ${wrong.join('; ')}`)
    }
    this.server?.end()
  }

  async #start(): Promise<void> {
    this.log('a server starts')
    this.server = await startServer(this.ground, 'one', this.#bug)
  }

  async #build(): Promise<void> {
    this.laws.maxAllowed = this.max
    await this.#start()
    assert.ok(this.server)
    const { network, balance, compute, scale } = this.server
    const subnets = await network.defaultSubnets(scope)
    const vpcId = subnets[0]?.vpcId ?? ''
    const subnetIds = subnets.map((subnet) => subnet.subnetId)
    const group = await balance.groups.create(scope, {
      name: 'web',
      port: 80,
      vpcId,
      targetType: 'instance',
      healthCheck: aCheck,
      tags: [],
    })
    const { balancerId } = await balance.balancers.create(scope, {
      name: 'web',
      scheme: 'internet-facing',
      subnetIds,
      securityGroupIds: [],
      tags: [],
    })
    const action = {
      type: 'forward',
      targetGroups: [{ targetGroupId: group.groupId, weight: 1 }],
    } as const
    await balance.listeners.create(scope, { balancerId, port: 80, action, tags: [] })
    this.targetGroupArn = targetGroupArn(scope, group.groupId)
    const { launchTemplateId } = await compute.launchTemplates.create(scope, {
      name: 'web',
      createdBy: 'arn:aws:iam::000000000000:root',
      settings: { imageId: 'ami-12345678', instanceType: 't3.micro' },
      tags: [],
    })
    await scale.create(scope, {
      ...aGroup,
      createdAt: this.ground.clock.now(),
      launchTemplate: { launchTemplateId, launchTemplateName: 'web', version: '$Latest' },
      places: subnets.map(({ zone, subnetId }) => ({ zone, subnetId })),
      maxSize: this.max,
      desiredCapacity: this.desired,
      targetGroupArns: [this.targetGroupArn],
      ...(this.isWeighted && { mixedInstances: ofWeights, rebalancesCapacity: true }),
    })
    await this.pass(20_000)
  }
}

const startedAt = Date.UTC(2026, 10, 22, 10)

const aCheck = {
  enabled: true,
  protocol: 'http',
  port: 'traffic-port',
  path: '/',
  intervalSeconds: 1,
  timeoutSeconds: 1,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  matcher: '200',
} as const

const ofWeights: MixedInstances = {
  overrides: [
    { instanceType: 't3.small', weightedCapacity: '2' },
    { instanceType: 't3.micro', weightedCapacity: '1' },
    { instanceType: 't3.medium', weightedCapacity: '3' },
  ],
  distribution: {
    onDemandBaseCapacity: 1,
    onDemandPercent: 50,
    spotAllocationStrategy: 'lowest-price',
  },
}

const aGroup: Omit<Group, 'launchTemplate' | 'createdAt'> = {
  name: groupName,
  arn: 'arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:1:autoScalingGroupName/web',
  minSize: 0,
  maxSize: 6,
  desiredCapacity: 3,
  places: [],
  defaultCooldownSeconds: 300,
  healthCheckType: 'ELB',
  healthCheckGraceSeconds: 0,
  targetGroupArns: [],
  tags: [],
  terminationPolicies: ['Default'],
  newInstancesProtected: false,
  suspendedProcesses: [],
  isDeleting: false,
  launchFailures: 0,
}
