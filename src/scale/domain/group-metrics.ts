/** Metrics of a group, as Auto Scaling names them; those of warm pools do not exist here. */
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
] as const

export type GroupMetric = (typeof groupMetrics)[number]

interface Sized {
  readonly minSize: number
  readonly maxSize: number
  readonly desiredCapacity: number
}

/** What a group's metrics are, from its sizes and its members' states. Every instance counts one unit of capacity. */
export function measureGroup(
  group: Sized,
  lifecycles: readonly string[],
): Readonly<Record<GroupMetric, number>> {
  const beginningWith = (state: string): number =>
    lifecycles.filter((lifecycle) => lifecycle.startsWith(state)).length
  const inService = beginningWith('InService')
  const pending = beginningWith('Pending')
  const standby = beginningWith('Standby')
  const terminating = beginningWith('Terminating')
  return {
    GroupMinSize: group.minSize,
    GroupMaxSize: group.maxSize,
    GroupDesiredCapacity: group.desiredCapacity,
    GroupInServiceInstances: inService,
    GroupPendingInstances: pending,
    GroupStandbyInstances: standby,
    GroupTerminatingInstances: terminating,
    GroupTotalInstances: lifecycles.length,
    GroupInServiceCapacity: inService,
    GroupPendingCapacity: pending,
    GroupStandbyCapacity: standby,
    GroupTerminatingCapacity: terminating,
    GroupTotalCapacity: lifecycles.length,
  }
}
