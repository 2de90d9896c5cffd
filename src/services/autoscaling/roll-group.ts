import type { Scope } from '../../kernel/scope.ts'
import { isPooled } from '../../scale/domain/views.ts'
import type { Group, Member } from '../../scale/group.ts'
import { weightOf } from '../../scale/weights.ts'
import { durationOf } from '../../stacks/domain/signal-policy.ts'
import type { Properties, ResourceContext, RollingUpdate } from '../../stacks/resource-type.ts'
import { groupDidNotStabilize, validationError } from './errors.ts'
import { planRollingUpdate, type RollingMember, type RollingPolicy } from './plan-rolling-update.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { changeGroup, groupNamed } from './update-group.ts'

/** The members of an UpdatePolicy that a group honours. */
export const groupUpdatePolicy = {
  AutoScalingRollingUpdate: {
    MaxBatchSize: 'number',
    MinInstancesInService: 'number',
    MinSuccessfulInstancesPercent: 'number',
    PauseTime: 'string',
    SuspendProcesses: true,
    WaitOnResourceSignals: 'boolean',
  },
  AutoScalingReplacingUpdate: { WillReplace: 'boolean' },
  AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: 'boolean' },
} as const

/** A batch may wait an hour for its signals, and a group has many. */
const rollMilliseconds = 24 * 3_600_000
/** After this many failed launches in a row the next one will hardly do better, and the reason is known. */
const launchFailuresMax = 3
const pauseMax = 3_600_000

interface RollingProperties {
  readonly MaxBatchSize?: number
  readonly MinInstancesInService?: number
  readonly MinSuccessfulInstancesPercent?: number
  readonly PauseTime?: string
  readonly SuspendProcesses?: readonly string[]
  readonly WaitOnResourceSignals?: boolean
}

/** What a structure of the policy says; undefined when it is not there. */
export function policyPart<T>(policy: Properties, name: string): T | undefined {
  const part = policy[name]
  // Coerced to `groupUpdatePolicy` by the stack engine.
  return typeof part === 'object' && part !== null ? (part as T) : undefined
}

/** What the update has to know again after a crash. */
interface Beginning {
  readonly at: number
  readonly capacity: number
  readonly outdatedCount: number
  readonly suspended: readonly string[]
}

/** Replaces the instances that are not as the group launches them now, a batch at a time. Throws when too many fail. */
export async function rollGroup(
  deps: AutoScalingDeps,
  name: string,
  context: ResourceContext,
  rolling: RollingUpdate,
): Promise<void> {
  const given = policyPart<RollingProperties>(rolling.policy, 'AutoScalingRollingUpdate')
  if (!given) return
  const { scope } = context
  const policy = policyOf(given)
  const beginning = await rolling.remember(() => begin(deps, scope, name))
  if (beginning.outdatedCount === 0) return
  const paused = given.SuspendProcesses ?? []
  await suspend(deps, scope, name, [...beginning.suspended, ...paused])
  try {
    await context.until(`the rolling update of group ${name}`, rollMilliseconds, () =>
      takeStep(deps, name, context, { rolling, policy, beginning }),
    )
  } finally {
    await suspend(deps, scope, name, beginning.suspended)
    await changeGroup(deps, scope, name, (group) => sized(group, beginning.capacity))
  }
}

function policyOf(given: RollingProperties): RollingPolicy {
  const waitsForSignals = given.WaitOnResourceSignals ?? false
  const pause = given.PauseTime ?? (waitsForSignals ? 'PT5M' : 'PT0S')
  const pauseMilliseconds = durationOf(pause)
  if (pauseMilliseconds === undefined || pauseMilliseconds > pauseMax) {
    throw validationError(`PauseTime ${pause} is not an ISO 8601 duration of at most PT1H`)
  }
  return {
    batchMax: Math.max(1, given.MaxBatchSize ?? 1),
    inServiceMin: given.MinInstancesInService ?? 0,
    percentMin: given.MinSuccessfulInstancesPercent ?? 100,
    pauseMilliseconds,
    waitsForSignals,
  }
}

async function begin(deps: AutoScalingDeps, scope: Scope, name: string): Promise<Beginning> {
  const group = await groupNamed(deps, scope, name)
  const members = await presentMembers(deps, scope, group, Infinity)
  return {
    at: deps.scale.context.clock.now(),
    capacity: group.desiredCapacity,
    outdatedCount: members.filter(({ isCurrent }) => !isCurrent).length,
    suspended: group.suspendedProcesses,
  }
}

async function takeStep(
  deps: AutoScalingDeps,
  name: string,
  { scope }: ResourceContext,
  at: { rolling: RollingUpdate; policy: RollingPolicy; beginning: Beginning },
): Promise<true | undefined> {
  const { rolling, policy, beginning } = at
  const group = await groupNamed(deps, scope, name)
  if (group.launchFailures >= launchFailuresMax) {
    throw groupDidNotStabilize(`Group ${name} did not stabilize: launching instances failed`)
  }
  const step = planRollingUpdate({
    policy,
    now: deps.scale.context.clock.now(),
    usualCapacity: beginning.capacity,
    desiredCapacity: group.desiredCapacity,
    maxSize: group.maxSize,
    totalCount: beginning.outdatedCount,
    members: await presentMembers(deps, scope, group, beginning.at),
    signals: await rolling.signals(),
  })
  switch (step.type) {
    case 'wait':
      return undefined
    case 'done':
      return true
    case 'fail':
      throw groupDidNotStabilize(step.reason)
    case 'resize': {
      const words = `Temporarily setting autoscaling group DesiredCapacity to ${step.capacity}.`
      if (step.capacity > beginning.capacity) await rolling.report(words)
      await changeGroup(deps, scope, name, (now) => sized(now, step.capacity))
      return undefined
    }
    case 'terminate': {
      const list = step.instanceIds.join(', ')
      const newCount = step.instanceIds.length - step.shrinkCount
      await rolling.report(
        `Terminating instance(s) [${list}]; replacing with ${newCount} new instance(s).`,
      )
      for (const [index, id] of step.instanceIds.entries()) {
        await deps.scale.terminate(scope, id, index < step.shrinkCount)
      }
      return undefined
    }
  }
}

function sized(group: Group, capacity: number): Group {
  const desiredCapacity = Math.min(group.maxSize, Math.max(group.minSize, capacity))
  return { ...group, desiredCapacity }
}

async function suspend(
  deps: AutoScalingDeps,
  scope: Scope,
  name: string,
  processes: readonly string[],
): Promise<void> {
  const suspendedProcesses = [...new Set(processes)].toSorted()
  await changeGroup(deps, scope, name, (group) => ({ ...group, suspendedProcesses }))
}

/** Members that do not leave; those of the warm pool are left as they are, as on AWS. */
async function presentMembers(
  deps: AutoScalingDeps,
  scope: Scope,
  group: Group,
  newSince: number,
): Promise<readonly RollingMember[]> {
  const { launchTemplateId, version } = group.launchTemplate
  const wanted = await deps.scale.ports.launchTemplates.resolve(scope, {
    launchTemplateId,
    version,
  })
  const members = await deps.scale.membersOf(scope, group.name)
  return members
    .map(({ value }) => value)
    .filter(({ lifecycle }) => lifecycle !== 'Terminating' && !isPooled(lifecycle))
    .map((member) => ({
      instanceId: member.instanceId,
      weight: weightOf(group, member.instanceType),
      isCurrent: isPlaced(member, group) && isFrom(member, launchTemplateId, wanted?.version),
      isNew: member.createdAt >= newSince,
      isInService: member.lifecycle === 'InService' && member.health === 'Healthy',
      inServiceAt: member.inServiceAt,
    }))
}

/** One that is not launched yet will be launched as the group says then. */
function isFrom(
  { launchTemplate }: Member,
  launchTemplateId: string,
  version: string | undefined,
): boolean {
  if (!launchTemplate) return true
  return launchTemplate.launchTemplateId === launchTemplateId && launchTemplate.version === version
}

function isPlaced({ zone, subnetId }: Member, { places }: Group): boolean {
  return places.some(
    (place) => place.zone === zone && (place.subnetId === undefined || place.subnetId === subnetId),
  )
}
