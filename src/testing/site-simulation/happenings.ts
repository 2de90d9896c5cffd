import { causes } from '../../scale/domain/causes.ts'
import { isStaff } from '../../scale/domain/views.ts'
import { groups, members } from '../../scale/group.ts'
import { weightOf } from '../../scale/weights.ts'
import { groupName, scope } from './laws.ts'
import type { SiteSimulation } from './site-simulation.ts'

export type Happening = (site: SiteSimulation) => Promise<void>

const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c']
const suspendable = ['Launch', 'Terminate', 'HealthCheck', 'ReplaceUnhealthy', 'AZRebalance']

/** All that may happen, each as likely as another. */
export const happenings: readonly Happening[] = [
  killInstance,
  killInstance,
  killGateway,
  killZone,
  cutZone,
  healZone,
  sicken,
  hostGoes,
  hostComes,
  hostIsBornAnew,
  hostForgetsAnswers,
  instancesAreUnknown,
  instancesAreKnown,
  serverDies,
  serverWillDie,
  serverDiesOverReplacement,
  serverDiesOverReplacement,
  leasesAreLost,
  leasesComeBack,
  setDesired,
  setDesired,
  setMaximum,
  terminateInGroup,
  terminateInstance,
  stopInstance,
  suspend,
  resume,
  putPool,
  putPool,
  deletePool,
  interruptSpot,
  interruptSpot,
]

async function killInstance(site: SiteSimulation): Promise<void> {
  kill(site, await anyOf(site, 'i-'))
}

async function killGateway(site: SiteSimulation): Promise<void> {
  kill(site, await anyOf(site, 'gw-'))
}

async function killZone(site: SiteSimulation): Promise<void> {
  const zone = anyZone(site)
  site.log(`everything in ${zone} dies`)
  const { machines } = site.ground.host
  for (const { spec } of machines.values()) if (spec.zone === zone) kill(site, spec.id)
}

async function cutZone(site: SiteSimulation): Promise<void> {
  const zone = anyZone(site)
  site.log(`${zone} is cut off`)
  site.ground.cutZones.add(zone)
  site.laws.excusedUntil.set(zone, Number.POSITIVE_INFINITY)
}

async function healZone(site: SiteSimulation): Promise<void> {
  for (const zone of site.ground.cutZones) site.log(`${zone} is reached again`)
  site.healZones()
}

async function sicken(site: SiteSimulation): Promise<void> {
  const id = await anyOf(site, 'i-')
  if (id === undefined) return
  site.log(`${id} answers its health check with an error`)
  site.ground.sick.add(id)
  site.laws.hurt.add(id)
}

async function hostGoes(site: SiteSimulation): Promise<void> {
  site.log('the host does not answer')
  site.ground.host.setAway(true)
}

async function hostComes(site: SiteSimulation): Promise<void> {
  site.log('the host answers')
  site.ground.host.setAway(false)
}

/** The host process is killed and begun again; its machines live on. */
async function hostIsBornAnew(site: SiteSimulation): Promise<void> {
  site.log('the host process is another one')
  site.ground.host.restartHost()
}

async function hostForgetsAnswers(site: SiteSimulation): Promise<void> {
  site.ground.lostLaunches = 1 + site.chance.below(2)
  site.log(`the answers of ${site.ground.lostLaunches} launches will be lost`)
}

async function instancesAreUnknown(site: SiteSimulation): Promise<void> {
  site.log('nobody knows which instances there are')
  site.ground.areInstancesUnknown = true
}

async function instancesAreKnown(site: SiteSimulation): Promise<void> {
  site.log('it is known which instances there are')
  site.ground.areInstancesUnknown = false
}

/** In the middle of whatever it does next. */
async function serverWillDie(site: SiteSimulation): Promise<void> {
  const steps = site.chance.below(site.chance.below(2) === 0 ? 12 : 60)
  site.log(`the server dies after ${steps} steps`)
  site.server?.life.endAfter(steps)
}

/** Launches are where most is half done. */
async function serverDiesOverReplacement(site: SiteSimulation): Promise<void> {
  kill(site, await anyOf(site, 'i-'))
  const steps = 4 + site.chance.below(14)
  site.log(`the server dies after ${steps} steps`)
  site.server?.life.endAfter(steps)
}

async function serverDies(site: SiteSimulation): Promise<void> {
  site.log('the server is killed')
  site.server?.end()
}

async function leasesAreLost(site: SiteSimulation): Promise<void> {
  site.log('no lease can be renewed')
  site.ground.areLeasesLost = true
}

async function leasesComeBack(site: SiteSimulation): Promise<void> {
  site.log('leases can be renewed')
  site.ground.areLeasesLost = false
}

async function setDesired(site: SiteSimulation): Promise<void> {
  const { scale } = await site.alive()
  const to = site.chance.below(site.max + 1)
  const now = site.ground.clock.now()
  site.log(`desired capacity ${to}`)
  await scale.change(scope, groupName, (group) => ({
    ...group,
    desiredCapacity: to,
    requestCause: causes.setDesired(now, { from: group.desiredCapacity, to }),
    capacityChangedAt: now,
  }))
  site.desired = to
}

async function setMaximum(site: SiteSimulation): Promise<void> {
  const { scale } = await site.alive()
  const to = 2 + site.chance.below(6)
  site.log(`maximum ${to}`)
  site.laws.maxAllowed = Math.max(to, site.max)
  await scale.change(scope, groupName, (group) => ({
    ...group,
    maxSize: to,
    desiredCapacity: Math.min(group.desiredCapacity, to),
  }))
  site.max = to
  site.desired = Math.min(site.desired, to)
}

async function terminateInGroup(site: SiteSimulation): Promise<void> {
  const { scale } = await site.alive()
  const id = await anyMember(site)
  if (id === undefined) return
  const shrinks = site.chance.below(2) === 0
  site.log(`${id} is to be terminated, ${shrinks ? 'one fewer' : 'and replaced'}`)
  const record = await scale.memberOf(scope, id)
  const counts = record !== undefined && isStaff(record.value.lifecycle)
  const answer = await scale.terminate(scope, id, shrinks)
  const group = await site.ground.store.find(groups, scope, groupName)
  const weight = weightOf(group?.value ?? {}, record?.value.instanceType)
  if (answer.ok && shrinks && counts) site.desired -= weight
}

async function terminateInstance(site: SiteSimulation): Promise<void> {
  const { compute } = await site.alive()
  const id = await anyMember(site)
  if (id === undefined) return
  site.log(`a user terminates ${id}`)
  site.laws.hurt.add(id)
  await compute.instances.terminate(scope, id).catch(onlyRefusal)
}

async function stopInstance(site: SiteSimulation): Promise<void> {
  const { compute } = await site.alive()
  const id = await anyMember(site)
  if (id === undefined) return
  site.log(`a user stops ${id}`)
  site.laws.hurt.add(id)
  await compute.instances.stop(scope, id).catch(onlyRefusal)
}

async function suspend(site: SiteSimulation): Promise<void> {
  const { scale } = await site.alive()
  const name = suspendable[site.chance.below(suspendable.length)] ?? 'Launch'
  site.log(`${name} is suspended`)
  await scale.change(scope, groupName, (group) => ({
    ...group,
    suspendedProcesses: [...new Set([...group.suspendedProcesses, name])],
  }))
}

export async function resume(site: SiteSimulation): Promise<void> {
  const { scale } = await site.alive()
  site.log('all processes are resumed')
  await scale.change(scope, groupName, (group) => ({ ...group, suspendedProcesses: [] }))
}

async function putPool(site: SiteSimulation): Promise<void> {
  const { scale } = await site.alive()
  const state = site.chance.below(2) === 0 ? 'Stopped' : 'Running'
  const pool = {
    state,
    minSize: site.chance.below(3),
    ...(site.chance.below(2) === 0 && { preparedMax: site.chance.below(8) }),
    reusesOnScaleIn: site.chance.below(2) === 0,
    isDeleting: false,
  } as const
  site.log(`a warm pool: ${JSON.stringify(pool)}`)
  await scale.putPool(scope, groupName, pool)
}

async function deletePool(site: SiteSimulation): Promise<void> {
  const { scale } = await site.alive()
  const force = site.chance.below(2) === 0
  site.log(`no warm pool any more${force ? ', by force' : ''}`)
  await scale.removePool(scope, groupName, force)
}

/** Its capacity is taken back: soon, or so soon that nothing can be launched before. */
async function interruptSpot(site: SiteSimulation): Promise<void> {
  const { compute } = await site.alive()
  const id = await anyMember(site)
  const record = id === undefined ? undefined : await compute.instances.find(scope, id)
  if (!record?.value.spot) return
  const noticeMilliseconds = [0, 2000, 30_000][site.chance.below(3)] ?? 0
  site.log(`${record.id} is taken back in ${noticeMilliseconds} ms`)
  site.laws.hurt.add(record.id)
  const times = { leadMilliseconds: 0, noticeMilliseconds }
  await compute.spot.interrupt(scope, record.id, times).catch(onlyRefusal)
}

function kill(site: SiteSimulation, id: string | undefined): void {
  if (id === undefined) return
  if (site.ground.host.machines.get(id)?.status.phase !== 'running') return
  site.log(`${id} is killed`)
  site.laws.hurt.add(id)
  site.ground.host.kill(id)
}

async function anyOf(site: SiteSimulation, prefix: string): Promise<string | undefined> {
  const ids = [...site.ground.host.machines.keys()].filter((id) => id.startsWith(prefix)).toSorted()
  return ids[site.chance.below(Math.max(1, ids.length))]
}

async function anyMember(site: SiteSimulation): Promise<string | undefined> {
  const all = await site.ground.store.list(members, scope)
  const ids = all.flatMap(({ value }) => value.instanceId ?? []).toSorted()
  return ids[site.chance.below(Math.max(1, ids.length))]
}

function anyZone(site: SiteSimulation): string {
  return zones[site.chance.below(zones.length)] ?? ''
}

/** A request may come too late: that is refused, and no more. */
function onlyRefusal(thrown: unknown): undefined {
  if (thrown instanceof Error && thrown.name === 'Refusal') return undefined
  throw thrown
}
