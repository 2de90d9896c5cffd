import type { AlarmPlan, AlarmRule, Comparison, Datapoint } from '../plan-alarm.ts'

const comparisons: Readonly<Record<Comparison, readonly [is: string, isNot: string]>> = {
  GreaterThanOrEqualToThreshold: ['greater than or equal to', 'not greater than or equal to'],
  GreaterThanThreshold: ['greater than', 'not greater than'],
  LessThanThreshold: ['less than', 'not less than'],
  LessThanOrEqualToThreshold: ['less than or equal to', 'not less than or equal to'],
}

/** Why an alarm is in its state, in CloudWatch's words. */
export function stateReason(rule: AlarmRule, from: string, plan: AlarmPlan): string {
  const needed = rule.datapointsToAlarm ?? rule.evaluationPeriods
  const { verdict, evaluated, breaching, filled } = plan
  if (verdict === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${datapoints(filled)} ${filled === 1 ? 'was' : 'were'} unknown.`
  }
  const threshold = `the threshold (${decimal(rule.threshold)})`
  const [is, isNot] = comparisons[rule.comparison]
  const isAlarm = verdict === 'ALARM'
  const shown = isAlarm ? breaching : evaluated.filter((point) => !breaching.includes(point))
  if (shown.length === 0) {
    const treated = `${datapoints(filled)} ${filled === 1 ? 'was' : 'were'} treated as [${isAlarm ? 'Breaching' : 'NonBreaching'}]`
    return `Threshold Crossed: no datapoints were received for ${rule.evaluationPeriods} period${plural(rule.evaluationPeriods)} and ${treated}.`
  }
  const list = shown.map((point) => `${decimal(point.value)} (${shortTime(point)})`).join(', ')
  const minimum = isAlarm ? needed : rule.evaluationPeriods - needed + 1
  return (
    `Threshold Crossed: ${shown.length} out of the last ${rule.evaluationPeriods} datapoints [${list}] ` +
    `${shown.length === 1 ? 'was' : 'were'} ${isAlarm ? is : isNot} ${threshold} ` +
    `(minimum ${datapoints(minimum)} for ${from} -> ${verdict} transition).`
  )
}

function datapoints(count: number): string {
  return `${count} datapoint${plural(count)}`
}

function plural(count: number): string {
  return count === 1 ? '' : 's'
}

function decimal(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value)
}

/** `22/11/26 10:00:00` */
function shortTime({ at }: Datapoint): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T')
  const [year = '', month, day] = date.split('-')
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`
}
