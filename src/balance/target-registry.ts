import { instances } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists, type StoredRecord } from '../store/records.ts'
import { openBalanceArn, targetGroupArn } from './arns.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import { planHealthView } from './plan-health-view.ts'
import { targetGroups, targetRecordId, targets, type Target, type TargetGroup } from './records.ts'
import type { ReportBook } from './report-book.ts'
import { zoneOfAddress } from './target-place.ts'
import type { TargetRef, Targets } from './targets.ts'

/** Targets as records: registered at once, carried to gateways by their configuration. */
export function createTargetRegistry(
  context: EngineContext,
  hub: ConfigurationHub,
  book: ReportBook,
): Targets {
  const { store, clock } = context

  async function groupOf(scope: Scope, arn: string): Promise<TargetGroup | undefined> {
    const opened = openBalanceArn(scope, arn)
    if (opened?.noun !== 'targetgroup') return undefined
    return (await store.find(targetGroups, scope, opened.id))?.value
  }

  async function required(scope: Scope, arn: string): Promise<TargetGroup> {
    const group = await groupOf(scope, arn)
    if (group === undefined) throw targetGroupNotFound(arn)
    return group
  }

  async function register(scope: Scope, group: TargetGroup, ref: TargetRef): Promise<void> {
    const { groupId } = group
    const target = newTarget(group, ref)
    const id = targetRecordId(target)
    try {
      await store.insert(targets, { scope, id, owner: groupId }, target)
    } catch (thrown) {
      if (!(thrown instanceof RecordExists)) throw thrown
      await modify(store, { kind: targets, scope, id }, (known) =>
        known.state === 'active' ? undefined : target,
      )
    }
  }

  return {
    async list(scope, arn) {
      const group = await groupOf(scope, arn)
      if (group === undefined) return undefined
      const records = await store.list(targets, scope, { owner: group.groupId })
      const picture = await hub.picture()
      const reports = book.fresh()
      return records.map(({ value }) => planHealthView(picture, group, value, reports))
    },
    async arnOfName(scope, name) {
      const all = await store.list(targetGroups, scope)
      const found = all.find((record) => record.value.name === name)
      return found && targetGroupArn(scope, found.id)
    },
    async register(scope, arn, refs) {
      const group = await required(scope, arn)
      const checked = await Promise.all(refs.map((ref) => checkTarget(context, scope, group, ref)))
      for (const ref of checked) await register(scope, group, ref)
    },
    async deregister(scope, arn, refs) {
      const { groupId } = await required(scope, arn)
      const known = await store.list(targets, scope, { owner: groupId })
      for (const record of known.filter((candidate) => isNamed(candidate, refs))) {
        await modify(store, { kind: targets, scope, id: record.id }, (target) =>
          target.state === 'draining'
            ? undefined
            : { ...target, state: 'draining' as const, drainingSince: clock.now() },
        )
      }
    },
  }
}

function newTarget({ groupId, port }: TargetGroup, ref: TargetRef): Target {
  const { targetId, zone } = ref
  const place = { targetId, port: ref.port ?? port, ...(zone === undefined ? {} : { zone }) }
  return { groupId, ...place, state: 'active' }
}

/** Without a port, every port of the target is meant. */
function isNamed(record: StoredRecord<Target>, refs: readonly TargetRef[]): boolean {
  const { targetId, port, zone = 'all' } = record.value
  return refs.some(
    (ref) =>
      ref.targetId === targetId &&
      (ref.port === undefined || ref.port === port) &&
      (ref.zone === undefined || ref.zone === zone),
  )
}

/** The target with its zone, where that is not its instance's own. */
async function checkTarget(
  { store }: EngineContext,
  scope: Scope,
  group: TargetGroup,
  ref: TargetRef,
): Promise<TargetRef> {
  if (group.targetType === 'ip') {
    return { ...ref, zone: await zoneOfAddress(store, scope, { group, ref }) }
  }
  if (ref.zone !== undefined) {
    const message = `An Availability Zone cannot be specified for the target '${ref.targetId}': the target type of its group is instance`
    throw new Refusal('ValidationError', message)
  }
  const instance = await store.find(instances, scope, ref.targetId)
  if (instance === undefined) {
    throw new Refusal(
      'InvalidTarget',
      `The following targets are not in the target group VPC or do not exist: '${ref.targetId}'`,
    )
  }
  if (instance.value.vpcId !== group.vpcId) {
    throw new Refusal(
      'InvalidTarget',
      `The following targets are not in the target group VPC '${group.vpcId}': '${ref.targetId}'`,
    )
  }
  if (instance.value.desired === 'terminated' || instance.value.desired === 'stopped') {
    throw new Refusal(
      'InvalidTarget',
      `The following targets are not in a running state and cannot be registered: '${ref.targetId}'`,
    )
  }
  return ref
}

export function targetGroupNotFound(arn: string): Refusal {
  return new Refusal('TargetGroupNotFound', `Target groups '${arn}' not found`)
}
