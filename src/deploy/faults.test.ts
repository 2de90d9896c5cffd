import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployScope, deployWorld, type DeployWorldOfTests } from '../testing/deploy-world.ts'
import {
  eventNames,
  greenEvents,
  isTrafficEvent,
  leavingEvents,
} from './domain/lifecycle-events.ts'
import { hostCommands } from './host-command.ts'
import type { LifecycleEventName } from './domain/lifecycle-events.ts'

/** What strikes while one host is in an event. */
const faults = [
  'agent killed',
  "AWS's agent killed",
  'server killed',
  'host lost',
  'hook hangs',
  'hook kills its agent',
  'bundle corrupt',
  'disk full',
  'alarm rings',
] as const
type Fault = (typeof faults)[number]
type Style = 'in place' | 'green' | 'blue'

const victims = { 'in place': 'i-2', green: 'i-g2', blue: 'i-2' } as const
const autoRollback = {
  enabled: true,
  events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
} as const
const alarms = { enabled: true, ignorePollFailure: false, names: ['errors'] } as const
const limits = { eventMilliseconds: 20_000, trafficMilliseconds: 20_000 }
const green = {
  ec2TagFilters: [{ Key: 'env', Value: 'green', Type: 'KEY_AND_VALUE' }],
  ec2TagSet: [],
  autoScalingGroups: [],
} as const

async function worldOf(style: Style): Promise<DeployWorldOfTests> {
  const blueGreen = {
    greenFleet: 'DISCOVER_EXISTING',
    readyAction: 'CONTINUE_DEPLOYMENT',
    readyWaitMinutes: 0,
    blueAction: 'KEEP_ALIVE',
    terminationWaitMinutes: 0,
  } as const
  const world = await deployWorld({
    hosts: 3,
    withTrafficControl: true,
    limits,
    group: { autoRollback, alarms, ...(style !== 'in place' && { blueGreen }) },
  })
  world.alarms.set('errors', 'OK')
  for (const id of style === 'in place' ? [] : ['i-g1', 'i-g2', 'i-g3']) {
    const tags = [{ Key: 'env', Value: 'green' }]
    await world.addInstance(id, { group: 'nobody', tags, serves: false })
  }
  if (style !== 'in place') return world
  await world.begin()
  await world.run()
  return world
}

/** Lets a deployment come to the moment in which the victim's event is under way. */
async function reach(
  world: DeployWorldOfTests,
  at: { readonly id: string; readonly victim: string; readonly event: LifecycleEventName },
): Promise<void> {
  for (let round = 0; round < 200; round++) {
    await world.run(1)
    const target = (await world.targetsOf(at.id)).find(({ targetId }) => targetId === at.victim)
    const event = target?.events.find(({ name }) => name === at.event)
    if (event?.status === 'InProgress') return
    const index = target?.events.findIndex(({ name }) => name === at.event) ?? 0
    const isNext = target?.status === 'InProgress' && target.events[index - 1]?.requestedAt
    if (isTrafficEvent(at.event) && isNext !== undefined && isNext !== false) {
      world.holdsTraffic = true
    }
  }
  throw new Error(`${at.victim} never came to ${at.event}`)
}

async function strike(
  world: DeployWorldOfTests,
  fault: Fault,
  at: { readonly victim: string; readonly event: LifecycleEventName },
): Promise<void> {
  const { victim, event } = at
  switch (fault) {
    // The hook goes on without its agent, whose successor takes the command up again.
    case 'hook kills its agent':
    case 'agent killed':
      world.answers.clear()
      world.holdsTraffic = false
      return
    case "AWS's agent killed":
      world.holdsTraffic = false
      return
    case 'hook hangs':
      return
    case 'bundle corrupt':
      world.answers.set(`${victim} ${event}`, event === 'DownloadBundle' ? 'fail' : 'ok')
      world.holdsTraffic = false
      return
    case 'disk full':
      world.answers.set(`${victim} ${event}`, 'fail')
      world.holdsTraffic = false
      return
    case 'alarm rings':
      world.alarms.set('errors', 'ALARM')
      world.answers.clear()
      world.holdsTraffic = false
      return
    case 'server killed':
      world.restart()
      world.answers.clear()
      world.holdsTraffic = false
      return
    case 'host lost':
      world.targets.delete(victim)
      await world.loseInstance(victim)
      world.holdsTraffic = false
  }
}

/** How AWS documents the end, and what serves then. */
function expected(style: Style, event: LifecycleEventName, fault: Fault): string {
  const passes =
    fault === 'agent killed' ||
    fault === 'server killed' ||
    fault === 'hook kills its agent' ||
    (fault === 'bundle corrupt' && event !== 'DownloadBundle') ||
    (fault === 'disk full' && isTrafficEvent(event)) ||
    // No agent has a part in these.
    (fault === "AWS's agent killed" && isTrafficEvent(event)) ||
    // Nothing more was wanted of a lost original host than to take no traffic.
    (fault === 'host lost' && style === 'blue')
  const old = 'i-1 i-2 i-3'
  const how = fault === 'alarm rings' ? 'Stopped ALARM_ACTIVE' : 'Failed HEALTH_CONSTRAINTS'
  if (style === 'in place') {
    if (passes) return `Succeeded; serving ${old}`
    return `${how}, rolled back; serving ${fault === 'host lost' ? 'i-1 i-3' : old}`
  }
  if (passes) return 'Succeeded; serving i-g1 i-g2 i-g3'
  const hasMoved = style === 'blue' || event.endsWith('AllowTraffic')
  return `${how}, ${hasMoved ? 'rolled back' : 'not rolled back'}; serving ${old}`
}

function servingNow(world: DeployWorldOfTests): number {
  return [...world.targets.values()].filter((view) => view.state === 'healthy').length
}

/** From an agent's death to its successor's word on the event: a lease, and the polls around it. */
const recoveryMillisecondsMax = 10_000

async function outcome(world: DeployWorldOfTests, id: string): Promise<string> {
  const { status, errorInformation, rollback } = await world.deployment(id)
  const serving = [...world.targets.values()]
    .filter((view) => view.state === 'healthy')
    .map((view) => view.targetId)
    .toSorted()
  const after = `serving ${serving.join(' ')}`
  if (status === 'Succeeded') return `${status}; ${after}`
  const ended = `${status} ${errorInformation?.code}`
  const backId = rollback?.rollbackDeploymentId
  if (backId === undefined) return `${ended}, not rolled back; ${after}`
  const back = await world.deployment(backId)
  const how = back.status === 'Succeeded' ? 'rolled back' : `rollback ${back.status}`
  return `${ended}, ${how}; ${after}`
}

const stages: readonly (readonly [Style, readonly LifecycleEventName[]])[] = [
  ['in place', eventNames(true)],
  ['green', greenEvents],
  ['blue', leavingEvents],
]

for (const [style, events] of stages) {
  for (const event of events) {
    for (const fault of faults) {
      const wanted = expected(style, event, fault)
      test(`${style}, ${fault} in ${event}: ${wanted}`, async () => {
        const world = await worldOf(style)
        let leastServing = servingNow(world)
        const victim = victims[style]
        world.agentsResume = fault !== "AWS's agent killed"
        world.answers.set(`${victim} ${event}`, 'take')
        const id = await world.begin(style === 'in place' ? {} : { green })
        await reach(world, { id, victim, event })
        await strike(world, fault, { victim, event })
        const struckAt = world.clock.now()
        // What hangs, hangs until its host is given up; the rollback meets a host that works.
        for (let round = 0; round < 300; round++) {
          const target = (await world.targetsOf(id)).find(({ targetId }) => targetId === victim)
          if (target?.status !== 'InProgress') break
          await world.run(1)
          leastServing = Math.min(leastServing, servingNow(world))
        }
        world.answers.clear()
        world.holdsTraffic = false
        for (let round = 0; round < 3000 && !(await world.isIdle()); round++) {
          await world.run(1)
          leastServing = Math.min(leastServing, servingNow(world))
        }
        assert.equal(await outcome(world, id), wanted)
        assert.equal(await world.isIdle(), true, 'the group is free again')
        assert.deepEqual(
          await world.store.list(hostCommands, deployScope),
          [],
          'no command is left',
        )
        // In place one of three is out at a time; blue/green none. A host that is lost is the fault's doing, not ours.
        const minimum = (style === 'in place' ? 2 : 3) - (fault === 'host lost' ? 1 : 0)
        assert.ok(leastServing >= minimum, `${leastServing} served, ${minimum} is the least`)
        if (fault === 'hook kills its agent') {
          const target = (await world.targetsOf(id)).find(({ targetId }) => targetId === victim)
          const ended = target?.events.find(({ name }) => name === event)?.endTime ?? Infinity
          assert.ok(ended - struckAt <= recoveryMillisecondsMax, 'recovered in seconds')
        }
        assert.ok(world.underWayMax() <= (style === 'in place' ? 1 : 3))
      })
    }
  }
}
