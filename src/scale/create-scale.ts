import type { EngineContext } from '../reconcile/engine-context.ts'
import { activitySweeper } from './activity-sweeper.ts'
import { reasonOf } from '../kernel/errors.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { groupReconciler, groupReconcilerName } from './group-reconciler.ts'
import { groups, members, shownLifecycle } from './group.ts'
import type { LaunchSubscriber } from './groups.ts'
import { refreshRequests } from './instance-refresh.ts'
import { standbyRequests } from './standby.ts'
import { configurationRequests, withConfigurations } from './launch-configurations.ts'
import { hookRequests } from './lifecycle-hooks.ts'
import { noticeReconciler } from './notice-reconciler.ts'
import { noticeRequests } from './notices.ts'
import { policyRequests } from './scaling-policies.ts'
import { scheduleReconciler } from './schedule-reconciler.ts'
import { scheduleRequests } from './schedule-requests.ts'
import { trackingReconciler } from './tracking-reconciler.ts'
import { poolRequests } from './warm-pools.ts'
import { activitiesOf, groupRequests } from './requests.ts'
import type { Scale, ScaleDeps, ScalePorts } from './scale.ts'
import { weightOf } from './weights.ts'

/** The engine of Auto Scaling groups. Subscribe before the reconcilers run. */
export function createScale(context: EngineContext, given: ScalePorts): Scale {
  const launchTemplates = withConfigurations(context, given.launchTemplates)
  const ports: ScalePorts = { ...given, launchTemplates }
  const subscribers: LaunchSubscriber[] = []
  const deps: ScaleDeps = { ...ports, context, subscribers }
  const { store, wake, log } = context
  given.zones?.onChange(() => {
    store.listAll(groups).then(
      (all) => all.forEach(({ scope, id }) => wake.wake(groupReconcilerName, keyOf(scope, id))),
      // Each group's own period comes in any case.
      (thrown: unknown) => log.write('warn', 'groups are not woken', { reason: reasonOf(thrown) }),
    )
  })
  return {
    ...groupRequests(deps),
    ...configurationRequests(deps),
    ...hookRequests(deps),
    ...poolRequests(deps),
    ...refreshRequests(deps),
    ...standbyRequests(deps),
    ...policyRequests(deps),
    ...noticeRequests(deps),
    ...scheduleRequests(deps),
    context,
    ports,
    reconcilers: [
      groupReconciler(deps),
      scheduleReconciler(deps),
      trackingReconciler(deps),
      activitySweeper(context),
      ...(ports.notices ? [noticeReconciler(deps, ports.notices)] : []),
    ],
    subscribe(subscriber) {
      subscribers.push(subscriber)
    },
    async find(scope, groupName) {
      return (await store.find(groups, scope, groupName))?.value
    },
    async list(scope) {
      return (await store.list(groups, scope)).map((record) => record.value)
    },
    membersOf: (scope, groupName) =>
      store.list(members, scope, groupName === undefined ? {} : { owner: groupName }),
    activitiesOf: (scope, groupName, includeDeleted = false) =>
      activitiesOf(deps, scope, groupName, includeDeleted),
    async members(scope, groupName) {
      const group = await store.find(groups, scope, groupName)
      if (!group) return undefined
      const staff = await store.list(members, scope, { owner: groupName })
      return staff.flatMap(({ value }) =>
        value.instanceId === undefined
          ? []
          : [
              {
                instanceId: value.instanceId,
                zone: value.zone,
                lifecycleState: shownLifecycle(value),
                healthStatus: value.health,
                weight: weightOf(group.value, value.instanceType),
              },
            ],
      )
    },
    async targetGroupArns(scope, groupName) {
      return (await store.find(groups, scope, groupName))?.value.targetGroupArns ?? []
    },
  }
}
