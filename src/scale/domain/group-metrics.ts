import { unitsOf } from './capacity.ts'
import { poolSize } from './plan-pool.ts'
import type { PoolView } from './views.ts'

/** Metrics of a group, as Auto Scaling names them; those of the warm pool say 0 where there is none. */
export const groupMetrics = [
  'GroupMinSize',
  'GroupMaxSize',
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupStandbyInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
  'GroupInServiceCapacity',
  'GroupPendingCapacity',
  'GroupStandbyCapacity',
  'GroupTerminatingCapacity',
  'GroupTotalCapacity',
  'WarmPoolMinSize',
  'WarmPoolDesiredCapacity',
  'WarmPoolPendingCapacity',
  'WarmPoolTerminatingCapacity',
  'WarmPoolWarmedCapacity',
  'WarmPoolTotalCapacity',
  'GroupAndWarmPoolDesiredCapacity',
  'GroupAndWarmPoolTotalCapacity',
] as const

export type GroupMetric = (typeof groupMetrics)[number]

interface Sized {
  readonly warmPool?: Pick<PoolView, 'minSize' | 'preparedMax' | 'isDeleting'> | undefined
  readonly minSize: number
  readonly maxSize: number
  readonly desiredCapacity: number
}

/** What a group's metrics are, from its sizes and its members' states. Its capacities are in units of their weights. */
export function measureGroup(
  group: Sized,
  members: readonly { readonly lifecycle: string; readonly weight: number }[],
): Readonly<Record<GroupMetric, number>> {
  const lifecycles = members.map(({ lifecycle }) => lifecycle)
  const beginningWith = (state: string): number =>
    lifecycles.filter((lifecycle) => lifecycle.startsWith(state)).length
  const unitsIn = (state: string): number =>
    unitsOf(members.filter(({ lifecycle }) => lifecycle.startsWith(state)))
  const all = unitsIn('')
  const inService = beginningWith('InService')
  const pending = beginningWith('Pending')
  const standby = beginningWith('Standby')
  const terminating = beginningWith('Terminating')
  const warm = {
    pending: beginningWith('Warmed:Pending'),
    terminating: beginningWith('Warmed:Terminating'),
    warmed: beginningWith('Warmed:Stopped') + beginningWith('Warmed:Running'),
    total: beginningWith('Warmed:'),
    desired: poolSize(group.warmPool, group),
  }
  const total = lifecycles.length - warm.total
  return {
    GroupMinSize: group.minSize,
    GroupMaxSize: group.maxSize,
    GroupDesiredCapacity: group.desiredCapacity,
    GroupInServiceInstances: inService,
    GroupPendingInstances: pending,
    GroupStandbyInstances: standby,
    GroupTerminatingInstances: terminating,
    GroupTotalInstances: total,
    GroupInServiceCapacity: unitsIn('InService'),
    GroupPendingCapacity: unitsIn('Pending'),
    GroupStandbyCapacity: unitsIn('Standby'),
    GroupTerminatingCapacity: unitsIn('Terminating'),
    GroupTotalCapacity: all - unitsIn('Warmed:'),
    WarmPoolMinSize: group.warmPool?.minSize ?? 0,
    WarmPoolDesiredCapacity: warm.desired,
    WarmPoolPendingCapacity: warm.pending,
    WarmPoolTerminatingCapacity: warm.terminating,
    WarmPoolWarmedCapacity: warm.warmed,
    WarmPoolTotalCapacity: warm.total,
    GroupAndWarmPoolDesiredCapacity: group.desiredCapacity + warm.desired,
    GroupAndWarmPoolTotalCapacity: all,
  }
}
