/** The events of an in-place deployment on one host, in order (fact sheet §3.4). */
const hostEvents = [
  'ApplicationStop',
  'DownloadBundle',
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'ApplicationStart',
  'ValidateService',
] as const

const blockEvents = ['BeforeBlockTraffic', 'BlockTraffic', 'AfterBlockTraffic'] as const
const allowEvents = ['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic'] as const

export type LifecycleEventName =
  | (typeof hostEvents)[number]
  | (typeof blockEvents)[number]
  | (typeof allowEvents)[number]

/** Of a blue/green deployment: the replacement is installed and takes the traffic, the original leaves it. */
export const greenEvents: readonly LifecycleEventName[] = [...hostEvents, ...allowEvents]
export const takingEvents: readonly LifecycleEventName[] = allowEvents
export const leavingEvents: readonly LifecycleEventName[] = blockEvents

/** Seven events, or thirteen where traffic is taken away first and given back after. */
export function eventNames(withTrafficControl: boolean): readonly LifecycleEventName[] {
  return withTrafficControl ? [...blockEvents, ...hostEvents, ...allowEvents] : hostEvents
}

/** Of the last deployment to an instance that its Auto Scaling group ends: nothing is installed, what runs is told to stop. */
export function terminationEvents(withTrafficControl: boolean): readonly LifecycleEventName[] {
  return withTrafficControl ? [...blockEvents, 'ApplicationStop'] : ['ApplicationStop']
}

/** The server does these itself; agents never see them. */
export function isTrafficEvent(name: LifecycleEventName): name is 'BlockTraffic' | 'AllowTraffic' {
  return name === 'BlockTraffic' || name === 'AllowTraffic'
}

/** Events that `ignoreApplicationStopFailures` lets fail: they run scripts of the revision that is being replaced. */
export function isOfOldRevision(name: LifecycleEventName): boolean {
  return name === 'ApplicationStop' || name === 'BeforeBlockTraffic' || name === 'AfterBlockTraffic'
}
