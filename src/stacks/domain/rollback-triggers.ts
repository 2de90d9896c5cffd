/** Alarms that roll an operation back, and how long they are looked at after everything is there. */
export interface RollbackTriggers {
  readonly alarmArns: readonly string[]
  readonly monitoringMinutes: number
}

/** AWS's quotas. */
const triggersMax = 5
const minutesMax = 180

/** What is wrong with them, in words. */
export function triggersProblem({
  alarmArns,
  monitoringMinutes,
}: RollbackTriggers): string | undefined {
  if (alarmArns.length > triggersMax) return `At most ${triggersMax} rollback triggers are allowed`
  const other = alarmArns.find((arn) => !/^arn:[^:]+:cloudwatch:[^:]+:[^:]+:alarm:.+$/.test(arn))
  if (other !== undefined) return `Rollback trigger ${other} is not the ARN of an alarm`
  const isRight = Number.isInteger(monitoringMinutes) && monitoringMinutes >= 0
  if (isRight && monitoringMinutes <= minutesMax) return undefined
  return `MonitoringTimeInMinutes is from 0 to ${minutesMax}`
}

/** When an operation under triggers may be complete: milliseconds since the epoch, or that the time begins only now. */
export function monitoredUntil(
  triggers: RollbackTriggers | undefined,
  since: number | undefined,
): number | 'begins' | undefined {
  const minutes = triggers?.alarmArns.length === 0 ? 0 : (triggers?.monitoringMinutes ?? 0)
  if (minutes === 0) return undefined
  return since === undefined ? 'begins' : since + minutes * 60_000
}
