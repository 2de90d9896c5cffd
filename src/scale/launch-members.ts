import type { Instance, LaunchRequest } from '../compute/instance.ts'
import type { ResolvedLaunchTemplate } from '../compute/launch-templates.ts'
import { DriverError, reasonOf } from '../kernel/errors.ts'
import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import { withTags } from '../kernel/tags.ts'
import { Refusal } from '../network/refusal.ts'
import { modify, StaleRevision, type Records, type StoredRecord } from '../store/records.ts'
import { activityEvent, beginActivity, changeActivity, ended } from './activities.ts'
import { launchCause, type Sizes } from './domain/causes.ts'
import type { LaunchChoice, LaunchReason, Place } from './domain/views.ts'
import {
  activities,
  groupAt,
  groups,
  launchTokenOf,
  members,
  type Group,
  type GroupTemplate,
  type Member,
} from './group.ts'
import type { ScaleDeps } from './scale.ts'
import { isConfiguration } from './launch-configurations.ts'
import { policyOf, weightOfAll } from './weights.ts'

export interface PlannedLaunch {
  readonly place: Place
  readonly why: LaunchReason
  readonly choice?: LaunchChoice | undefined
  readonly replaces?: string | undefined
}

/** Waits between failed launches: 1 s, doubling, up to this. */
const launchPauseMillisecondsMax = 60_000

/**
 * Writes down who is to be launched, all at once and only while the group is still the one that was planned for; then launches
 * them. A crash in between leaves members without an instance, whose launch is resumed under the same token.
 */
export async function launchMembers(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  launches: readonly PlannedLaunch[],
  sizeBefore: number,
): Promise<void> {
  const { scope, value: group } = record
  const units = launches.reduce((sum, { choice }) => sum + (choice?.weight ?? 1), 0)
  const sizes = { from: sizeBefore, to: sizeBefore + units }
  const made = await deps.context.store.transaction(async (records) => {
    await holdGroup(records, record)
    const written: Member[] = []
    for (const launch of launches) {
      const member = newMember(deps, group, launch)
      await records.insert(members, { scope, id: member.memberId, owner: group.name }, member)
      await beginLaunch(deps, records, { scope, group, member, why: launch.why, sizes })
      written.push(member)
    }
    return written
  })
  await launchAll(deps, record, made)
}

/** Launches members that have no instance yet, after a crash or a failure. A failed try was an activity; the next is another. */
export async function resumeLaunches(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  waiting: readonly Member[],
  sizeBefore: number,
): Promise<void> {
  const { scope, value: group } = record
  const sizes = { from: sizeBefore - weightOfAll(group, waiting), to: sizeBefore }
  const opened: Member[] = []
  for (const member of waiting) {
    const activity = await deps.context.store.find(activities, scope, member.launchActivityId)
    if (activity?.value.statusCode === 'InProgress') {
      opened.push(member)
      continue
    }
    const again = { ...member, launchActivityId: uuid(deps.context.random) }
    const why = member.lifecycle === 'Warmed:Pending' ? 'pool' : 'capacity'
    const isThere = await deps.context.store.transaction(async (records) => {
      const current = await records.find(members, scope, member.memberId)
      // Somebody may have let it go meanwhile: nobody would end the activity.
      if (!current || current.value.lifecycle !== member.lifecycle) return false
      await records.update(current, {
        ...current.value,
        launchActivityId: again.launchActivityId,
      })
      await beginLaunch(deps, records, { scope, group, member: again, why, sizes })
      return true
    })
    if (isThere) opened.push(again)
  }
  const missing = await adoptLaunched(deps, scope, opened)
  await launchAll(deps, record, missing)
}

/**
 * Instances that an earlier try made without its record: they are taken as they are, since the template may read otherwise
 * by now. Gives the members that have none.
 */
async function adoptLaunched(
  deps: ScaleDeps,
  scope: Scope,
  waiting: readonly Member[],
): Promise<readonly Member[]> {
  const list = await deps.instances.list(scope)
  const byToken = new Map(list.map(({ value }) => [value.clientToken, value]))
  const missing: Member[] = []
  for (const member of waiting) {
    const instance = byToken.get(launchTokenOf(member.memberId))
    if (instance) await recordLaunch(deps, scope, member, { instance })
    else missing.push(member)
  }
  return missing
}

/** Throws `StaleRevision` when the group is not the one that the plan was made for. */
export async function holdGroup(
  records: Pick<Records, 'find'>,
  record: StoredRecord<Group>,
): Promise<void> {
  const now = await records.find(groups, record.scope, record.id)
  if (now?.revision !== record.revision) {
    throw new StaleRevision(`group ${record.id} changed since the plan was made`)
  }
}

function newMember(deps: ScaleDeps, group: Group, launch: PlannedLaunch): Member {
  const { clock, random } = deps.context
  return {
    memberId: uuid(random),
    groupName: group.name,
    zone: launch.place.zone,
    subnetId: launch.place.subnetId,
    ...(launch.choice && {
      instanceType: launch.choice.instanceType,
      market: launch.choice.market,
      replaces: launch.replaces,
    }),
    lifecycle: launch.why === 'pool' ? 'Warmed:Pending' : 'Pending',
    health: 'Healthy',
    isProtected: group.newInstancesProtected,
    isRebalancing: launch.why === 'rebalance',
    createdAt: clock.now(),
    startingSince: clock.now(),
    launchActivityId: uuid(random),
    registeredIn: [],
    drainingFrom: [],
  }
}

/** How the activity of a launch is told. */
export function launching({ lifecycle }: Member): string {
  const where = lifecycle === 'Warmed:Pending' ? ' into warm pool' : ''
  return `Launching a new EC2 instance${where}`
}

async function beginLaunch(
  deps: ScaleDeps,
  records: Records,
  launch: { scope: Scope; group: Group; member: Member; why: LaunchReason; sizes: Sizes },
): Promise<void> {
  const { scope, group, member, why, sizes } = launch
  const startTime = deps.context.clock.now()
  await beginActivity(records, scope, group, {
    member,
    activityId: member.launchActivityId,
    description: launching(member),
    cause: launchCause(why, startTime, sizes, group.requestCause),
    startTime,
  })
}

async function launchAll(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  waiting: readonly Member[],
): Promise<void> {
  const { scope, value: group } = record
  const answers = new Map<string, Promise<TemplateAnswer>>()
  const templateFor = (member: Member): Promise<TemplateAnswer> => {
    const source = sourceOf(group, member)
    const key = JSON.stringify(source)
    const answer = answers.get(key) ?? resolveTemplate(deps, scope, source)
    answers.set(key, answer)
    return answer
  }
  const outcomes = await Promise.all(
    waiting.map(async (member) => launchOne(deps, record, member, await templateFor(member))),
  )
  const failed = outcomes.filter((isLaunched) => !isLaunched).length
  if (failed > 0) await noteFailure(deps, scope, group.name)
}

type TemplateAnswer =
  | { readonly ok: true; readonly template: ResolvedLaunchTemplate }
  | { readonly ok: false; readonly reason: string; readonly retryable: boolean }

interface LaunchSource {
  readonly template: GroupTemplate
  readonly instanceType: string | undefined
}

/** What a member is launched from: of the type that was decided, else of the one whose turn it is. A refresh launches what it was told to. */
function sourceOf(group: Group, { instanceType }: Member): LaunchSource {
  const { refreshTemplate, refreshMixed, launchTemplate, launchFailures } = group
  const overrides = policyOf(group)?.overrides ?? []
  const chosen =
    overrides.find((each) => each.instanceType === instanceType) ??
    overrides[launchFailures % Math.max(1, overrides.length)]
  return {
    template: refreshMixed
      ? (chosen?.launchTemplate ?? refreshTemplate ?? launchTemplate)
      : (refreshTemplate ?? chosen?.launchTemplate ?? launchTemplate),
    instanceType: chosen?.instanceType,
  }
}

async function resolveTemplate(
  deps: ScaleDeps,
  scope: Scope,
  { template: { launchTemplateId, version }, instanceType }: LaunchSource,
): Promise<TemplateAnswer> {
  try {
    const template = await deps.launchTemplates.resolve(scope, { launchTemplateId, version })
    if (template) return { ok: true, template: ofType(template, instanceType) }
    const reason = `The launch template ${launchTemplateId} has no version ${version}. Launching EC2 instance failed.`
    return { ok: false, reason, retryable: false }
  } catch (thrown) {
    return { ok: false, reason: reasonOf(thrown), retryable: !isDefinite(thrown) }
  }
}

function ofType(
  template: ResolvedLaunchTemplate,
  instanceType: string | undefined,
): ResolvedLaunchTemplate {
  if (instanceType === undefined) return template
  return { ...template, request: { ...template.request, instanceType } }
}

async function launchOne(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  member: Member,
  answer: TemplateAnswer,
): Promise<boolean> {
  const { scope, value: group } = record
  if (!answer.ok) {
    await giveUp(deps, record, member, answer)
    return false
  }
  try {
    const request = requestOf(group, member, answer.template)
    const [instance] = await deps.instances.launch(scope, request)
    if (!instance) {
      throw new DriverError('The instance of this launch is gone already', { retryable: false })
    }
    const { request: _, ...launchTemplate } = answer.template
    await recordLaunch(deps, scope, member, { instance: instance.value, launchTemplate })
    return true
  } catch (thrown) {
    const retryable = !isDefinite(thrown)
    await giveUp(deps, record, member, { reason: reasonOf(thrown), retryable })
    return false
  }
}

async function recordLaunch(
  deps: ScaleDeps,
  scope: Scope,
  member: Member,
  made: { instance: Instance; launchTemplate?: GroupTemplate },
): Promise<void> {
  const { store } = deps.context
  const { instanceId, imageId, instanceType } = made.instance
  const { launchTemplate } = made
  await modify(store, { kind: members, scope, id: member.memberId }, (value) => ({
    ...value,
    instanceId,
    imageId,
    instanceType,
    ...(launchTemplate ? { launchTemplate } : {}),
  }))
  await changeActivity(store, scope, member.launchActivityId, {
    description: `${launching(member)}: ${instanceId}`,
    progress: 50,
  })
}

/** A refusal made no instance. Of anything else nobody knows. */
function isDefinite(thrown: unknown): boolean {
  return thrown instanceof Refusal || (thrown instanceof DriverError && !thrown.retryable)
}

/**
 * Ends the activity as failed. When the outcome is in doubt the member stays, to be tried again under its token;
 * else the place is free again and the next plan decides anew.
 */
async function giveUp(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  member: Member,
  failure: { reason: string; retryable: boolean },
): Promise<void> {
  const { store, clock, events } = deps.context
  const { scope, value: group } = record
  const at = clock.now()
  await store.transaction(async (records) => {
    await changeActivity(records, scope, member.launchActivityId, {
      ...ended('Failed', at, failure.reason),
      description: `${launching(member)}.  Status Reason: ${failure.reason}`,
    })
    const current = await records.find(members, scope, member.memberId)
    if (!current || current.value.instanceId !== undefined) return
    if (!failure.retryable) await records.remove(current)
  })
  events.publish(
    activityEvent(scope, group, {
      detailType: 'EC2 Instance Launch Unsuccessful',
      activityId: member.launchActivityId,
      instanceId: '',
      at,
    }),
  )
}

/** Lengthens the pause before the group's next launch. */
export async function noteFailure(deps: ScaleDeps, scope: Scope, name: string): Promise<void> {
  const now = deps.context.clock.now()
  await modify(deps.context.store, groupAt(scope, name), (group) => {
    if (group.launchNotBefore !== undefined && group.launchNotBefore > now) return undefined
    const launchFailures = group.launchFailures + 1
    const pause = Math.min(1000 * 2 ** (launchFailures - 1), launchPauseMillisecondsMax)
    return { ...group, launchFailures, launchNotBefore: now + pause }
  })
}

function requestOf(group: Group, member: Member, template: ResolvedLaunchTemplate): LaunchRequest {
  const propagated = group.tags
    .filter((tag) => tag.PropagateAtLaunch)
    .map(({ Key, Value }) => ({ Key, Value }))
  const own = [{ Key: 'aws:autoscaling:groupName', Value: group.name }, ...templateTags(template)]
  const maxPrice = policyOf(group)?.distribution.spotMaxPrice
  return {
    ...template.request,
    ...(member.market === 'spot' && { spot: maxPrice === undefined ? {} : { maxPrice } }),
    count: 1,
    ...(member.subnetId ? { subnetId: member.subnetId } : { zone: member.zone }),
    tags: withTags(template.request.tags, [...propagated, ...own]),
    clientToken: launchTokenOf(member.memberId),
  }
}

/** What EC2 tells of the template on the instance itself; a launch configuration is told by nothing. */
function templateTags(template: ResolvedLaunchTemplate) {
  if (isConfiguration(template)) return []
  return [
    { Key: 'aws:ec2launchtemplate:id', Value: template.launchTemplateId },
    { Key: 'aws:ec2launchtemplate:version', Value: template.version },
  ]
}
