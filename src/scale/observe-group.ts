import type { Instance } from '../compute/instance.ts'
import { reasonOf } from '../kernel/errors.ts'
import { absent, seen, unknown, type Observation } from '../kernel/observation.ts'
import type { Scope } from '../kernel/scope.ts'
import type { StoredRecord } from '../store/records.ts'
import { isOutdated, replacementFor, type RefreshState } from './domain/refresh.ts'
import {
  isPooled,
  isStaff,
  type GroupView,
  type InstancePhase,
  type MemberView,
  type PoolView,
  type ReplacementView,
  type TakeOutReason,
  type TargetPhase,
} from './domain/views.ts'
import { launchTokenOf, type Group, type Member } from './group.ts'
import type { ScaleDeps } from './scale.ts'
import { mixedViewOf, weightOf } from './weights.ts'

/** All of a group at one moment. */
export interface GroupSight {
  readonly group: GroupView
  readonly members: readonly MemberView[]
  readonly records: ReadonlyMap<string, StoredRecord<Member>>
}

/** Looks at a group's instances and targets. What cannot be read is unknown; it never throws for it. */
export async function observeGroup(
  deps: ScaleDeps,
  { scope, value: group }: StoredRecord<Group>,
  memberRecords: readonly StoredRecord<Member>[],
  refresh?: RefreshState,
): Promise<GroupSight> {
  const staff = memberRecords.map((record) => record.value)
  const brokenZones = new Set(deps.zones?.faults().keys())
  const instances = await observeInstances(deps, scope)
  const targets = await observeTargets(deps, scope, staff)
  const seenNow = { instances, targets, brokenZones }
  const views = staff.map((member) => memberViewOf(group, member, seenNow))
  return {
    group: {
      ...groupViewOf(group, brokenZones),
      replacement: replacementOf(deps, group, views, refresh),
      pool: poolViewOf(group, views, refresh),
    },
    members: views,
    records: new Map(memberRecords.map((record) => [record.id, record])),
  }
}

function poolViewOf(
  { warmPool }: Group,
  views: readonly MemberView[],
  refresh: RefreshState | undefined,
): PoolView | undefined {
  if (!warmPool) return undefined
  const pooled = views.filter((member) => isPooled(member.lifecycle))
  const old = refresh ? pooled.filter((member) => isOutdated(refresh, member)) : []
  return {
    state: warmPool.state,
    minSize: warmPool.minSize,
    preparedMax: warmPool.preparedMax,
    reusesOnScaleIn: warmPool.reusesOnScaleIn ?? false,
    isDeleting: warmPool.isDeleting,
    outdated: new Set(old.map((member) => member.memberId)),
  }
}

/** What is to be replaced: by the refresh that the group is at, else whoever is older than the group lets them be. */
function replacementOf(
  deps: ScaleDeps,
  group: Group,
  views: readonly MemberView[],
  refresh: RefreshState | undefined,
): ReplacementView | undefined {
  const staff = views.filter((member) => isStaff(member.lifecycle))
  const byRefresh = refresh && replacementFor(refresh, views)
  const atRisk = group.rebalancesCapacity ? staff.filter((member) => member.isAtRisk) : []
  if (atRisk.length > 0) {
    const old = atRisk.map((member): [string, TakeOutReason] => [member.memberId, 'spot'])
    if (byRefresh) return { ...byRefresh, old: new Map([...byRefresh.old, ...old]) }
    return { ...rebalancing, old: new Map(old), overMax: overMaxOf(group, staff) }
  }
  if (refresh) return byRefresh
  const lifetime = (group.maxInstanceLifetimeSeconds ?? 0) * 1000
  if (lifetime === 0) return undefined
  const now = deps.context.clock.now()
  const old = staff.filter((member) => now >= member.createdAt + lifetime)
  return {
    ...(group.maintenance ?? { minPercent: 90, maxPercent: 100 }),
    old: new Map(old.map((member): [string, TakeOutReason] => [member.memberId, 'lifetime'])),
    warmupMilliseconds: (group.defaultWarmupSeconds ?? 0) * 1000,
    newPercentMax: 100,
  }
}

/** A replacement serves before the one at risk leaves. */
const rebalancing = { minPercent: 100, maxPercent: 200, warmupMilliseconds: 0, newPercentMax: 100 }

/** AWS lets a group be a tenth larger than its maximum for that, and by one instance at least. */
function overMaxOf(group: Group, staff: readonly MemberView[]): number {
  const heaviest = Math.max(1, ...staff.map(({ weight }) => weight))
  return Math.max(heaviest, Math.floor(group.desiredCapacity / 10))
}

type InstanceFinder = (member: Member) => Observation<Instance>

async function observeInstances(deps: ScaleDeps, scope: Scope): Promise<InstanceFinder> {
  try {
    const list = await deps.instances.list(scope)
    const byId = new Map(list.map((record) => [record.value.instanceId, record.value]))
    const byToken = new Map(
      list.flatMap(({ value }) => (value.clientToken ? [[value.clientToken, value]] : [])),
    )
    return (member) => {
      const found = member.instanceId
        ? byId.get(member.instanceId)
        : byToken.get(launchTokenOf(member.memberId))
      return found ? seen(found) : absent
    }
  } catch (thrown) {
    const blind = unknown(reasonOf(thrown))
    return () => blind
  }
}

type TargetFinder = (arn: string, instanceId: string) => Observation<TargetPhase>

async function observeTargets(
  deps: ScaleDeps,
  scope: Scope,
  staff: readonly Member[],
): Promise<TargetFinder> {
  const arns = new Set(staff.flatMap((member) => [...member.registeredIn, ...member.drainingFrom]))
  const lists = new Map<string, Observation<ReadonlyMap<string, TargetPhase>>>()
  for (const arn of arns) {
    try {
      const targets = await deps.targets.list(scope, arn)
      const phases = targets?.map((target) => [target.targetId, target.state] as const)
      lists.set(arn, phases ? seen(new Map(phases)) : absent)
    } catch (thrown) {
      lists.set(arn, unknown(reasonOf(thrown)))
    }
  }
  return (arn, instanceId) => {
    const list = lists.get(arn) ?? unknown('not looked at')
    if (list.state !== 'present') return list
    const phase = list.value.get(instanceId)
    return phase ? seen(phase) : absent
  }
}

function groupViewOf(group: Group, brokenZones: ReadonlySet<string>): GroupView {
  return {
    maxSize: group.maxSize,
    desiredCapacity: group.desiredCapacity,
    // A broken zone takes no launches; once it is whole again the group spreads out evenly by itself.
    places: group.places.filter((place) => !brokenZones.has(place.zone)),
    usesTargetHealth: group.healthCheckType === 'ELB',
    graceMilliseconds: group.healthCheckGraceSeconds * 1000,
    targetGroupArns: group.targetGroupArns,
    terminationPolicies: group.terminationPolicies,
    suspended: group.suspendedProcesses,
    isDeleting: group.isDeleting,
    launchNotBefore: group.launchNotBefore ?? 0,
    isUnsettled: group.requestCause !== undefined || group.launchFailures > 0,
    launchTemplateId: group.launchTemplate.launchTemplateId,
    launchFailures: group.launchFailures,
    mixed: mixedViewOf(group),
    replacement: undefined,
    maintenance: group.maintenance,
    hooks: (group.lifecycleHooks ?? []).map((hook) => hook.transition),
  }
}

function memberViewOf(
  group: Group,
  member: Member,
  seenNow: {
    instances: InstanceFinder
    targets: TargetFinder
    brokenZones: ReadonlySet<string>
  },
): MemberView {
  const { instances, targets, brokenZones } = seenNow
  const found = instances(member)
  const instanceId = member.instanceId ?? (found.state === 'present' ? found.value.instanceId : '')
  const arns = [...new Set([...member.registeredIn, ...member.drainingFrom])]
  return {
    memberId: member.memberId,
    instanceId: instanceId === '' ? undefined : instanceId,
    isLaunched: member.instanceId !== undefined,
    zone: member.zone,
    subnetId: member.subnetId,
    instanceType: member.instanceType,
    market: member.market ?? 'on-demand',
    weight: weightOf(group, member.instanceType),
    lifecycle: member.lifecycle,
    warm: member.warm,
    isHealthy: member.health === 'Healthy',
    unhealthyReason: member.unhealthyReason,
    isProtected: member.isProtected,
    isAtRisk: found.state === 'present' && found.value.interruption !== undefined,
    isRebalancing: member.isRebalancing,
    replaces: member.replaces,
    createdAt: member.createdAt,
    startingSince: member.startingSince,
    inServiceAt: member.inServiceAt,
    terminatingAt: member.terminatingAt,
    launchTemplateId: member.launchTemplate?.launchTemplateId,
    templateVersion: Number(member.launchTemplate?.version ?? 0),
    registeredIn: member.registeredIn,
    drainingFrom: member.drainingFrom,
    hooks: member.hooks,
    instance: found.state === 'present' ? seen(phaseOf(found.value, brokenZones)) : found,
    targets: Object.fromEntries(arns.map((arn) => [arn, targets(arn, instanceId)])),
  }
}

function phaseOf(instance: Instance, brokenZones: ReadonlySet<string>): InstancePhase {
  if (instance.desired === 'terminated' && instance.state !== 'terminated') return 'ending'
  // Its own record may not say so yet.
  const isLost = brokenZones.has(instance.zone)
  switch (instance.state) {
    case 'pending':
      return isLost ? 'lost' : 'starting'
    case 'running':
      if (isLost) return 'lost'
      return instance.impairment === undefined ? 'running' : 'impaired'
    case 'stopping':
    case 'stopped':
      return instance.state
    case 'shutting-down':
      return 'ending'
    case 'terminated':
      return 'gone'
  }
}
