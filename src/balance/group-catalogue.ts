import type { Scope } from '../kernel/scope.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists } from '../store/records.ts'
import { targetGroupArn } from './arns.ts'
import { targetGroupsMax } from './balance-limits.ts'
import { removeClaim } from './balancer-catalogue.ts'
import { balancerUsing } from './listener-catalogue.ts'
import { claims, targetGroups, targets, type TargetGroup } from './records.ts'
import { targetGroupNotFound } from './target-registry.ts'

export type NewGroup = Omit<TargetGroup, 'groupId' | 'createdAt' | 'deregistrationDelaySeconds'>

/** Target groups as records. Failures are `Refusal`s with ELBv2's codes. */
export interface GroupCatalogue {
  create(scope: Scope, request: NewGroup): Promise<TargetGroup>
  find(scope: Scope, groupId: string): Promise<TargetGroup | undefined>
  list(scope: Scope): Promise<readonly TargetGroup[]>
  modify(
    scope: Scope,
    groupId: string,
    change: (group: TargetGroup) => TargetGroup,
  ): Promise<TargetGroup>
  /** Refused while a listener or rule sends to it. Removing what is not there succeeds. */
  remove(scope: Scope, groupId: string): Promise<void>
  /** The balancer whose listeners or rules send to it. */
  balancerOf(scope: Scope, groupId: string): Promise<string | undefined>
}

/** ELBv2's default. */
const delaySecondsDefault = 300

export function createGroupCatalogue({ store, random, clock }: EngineContext): GroupCatalogue {
  return {
    async create(scope, request) {
      if ((await store.list(targetGroups, scope)).length >= targetGroupsMax) {
        const message = `The limit of ${targetGroupsMax} target groups has been reached`
        throw new Refusal('TooManyTargetGroups', message)
      }
      const groupId = `${request.name}/${random.hex(8)}`
      const group: TargetGroup = {
        ...request,
        groupId,
        createdAt: clock.now(),
        deregistrationDelaySeconds: delaySecondsDefault,
      }
      try {
        await store.transaction(async (records) => {
          await records.insert(claims, { scope, id: `group/${request.name}` }, { by: groupId })
          await records.insert(targetGroups, { scope, id: groupId, owner: request.vpcId }, group)
        })
      } catch (thrown) {
        if (!(thrown instanceof RecordExists)) throw thrown
        throw new Refusal(
          'DuplicateTargetGroupName',
          `A target group with the same name '${request.name}' exists, but with different settings`,
        )
      }
      return group
    },
    find: async (scope, id) => (await store.find(targetGroups, scope, id))?.value,
    list: async (scope) => (await store.list(targetGroups, scope)).map((record) => record.value),
    async modify(scope, groupId, change) {
      const record = await modify(store, { kind: targetGroups, scope, id: groupId }, change)
      if (!record) throw targetGroupNotFound(targetGroupArn(scope, groupId))
      return record.value
    },
    async remove(scope, groupId) {
      await store.transaction(async (records) => {
        const record = await records.find(targetGroups, scope, groupId)
        if (!record) return
        if ((await balancerUsing(records, scope, groupId)) !== undefined) {
          const arn = targetGroupArn(scope, groupId)
          const message = `Target group '${arn}' is currently in use by a listener or a rule`
          throw new Refusal('ResourceInUse', message)
        }
        for (const target of await records.list(targets, scope, { owner: groupId })) {
          await records.remove(target)
        }
        await removeClaim(records, scope, `group/${record.value.name}`)
        await records.remove(record)
      })
    },
    balancerOf: (scope, groupId) => balancerUsing(store, scope, groupId),
  }
}
