import { validationError } from './errors.ts'

/** The last three have nothing to do here yet: suspended or not, they do not run. */
export const scalingProcesses = [
  'AddToLoadBalancer',
  'AZRebalance',
  'HealthCheck',
  'Launch',
  'ReplaceUnhealthy',
  'Terminate',
  'AlarmNotification',
  'InstanceRefresh',
  'ScheduledActions',
] as const

/** The processes that are named, or all of them when none is. */
export function checkProcesses(given: readonly string[] | undefined): readonly string[] {
  const known: readonly string[] = scalingProcesses
  const strange = given?.find((name) => !known.includes(name))
  if (strange !== undefined) {
    throw validationError(`The process ${strange} is unknown; there are ${known.join(', ')}.`)
  }
  return given && given.length > 0 ? given : known
}
