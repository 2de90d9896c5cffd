import { childrenOf } from '../../../metrics/alarm-index.ts'
import type { Alarm } from '../../../metrics/alarm.ts'
import { compositeAlarmShape, metricAlarmShape } from '../alarm-shape.ts'
import { invalidCombination } from '../errors.ts'
import { nextToken, page } from '../paging.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const describeAlarms: Operation<CloudWatchOperations, 'DescribeAlarms', CloudWatchDeps> = {
  accepts: {
    AlarmNames: true,
    AlarmNamePrefix: true,
    AlarmTypes: true,
    StateValue: true,
    ActionPrefix: true,
    ChildrenOfAlarmName: true,
    ParentsOfAlarmName: true,
    MaxRecords: true,
    NextToken: true,
  },
  async handle(input, request, { metrics }) {
    const { AlarmNames: names = [], AlarmNamePrefix: prefix, StateValue, ActionPrefix } = input
    if (names.length > 0 && prefix !== undefined) {
      throw invalidCombination(
        'The parameters AlarmNames and AlarmNamePrefix are mutually exclusive.',
      )
    }
    const types = input.AlarmTypes ?? ['MetricAlarm']
    const all = await metrics.alarms.list(request.scope)
    const related = relatives(all, input)
    const chosen = all
      .filter((alarm) => related === undefined || related.has(alarm.name))
      .filter((alarm) => types.includes(alarm.type))
      .filter((alarm) => names.length === 0 || names.includes(alarm.name))
      .filter((alarm) => prefix === undefined || alarm.name.startsWith(prefix))
      .filter((alarm) => StateValue === undefined || alarm.state === StateValue)
      .filter((alarm) => ActionPrefix === undefined || hasAction(alarm, ActionPrefix))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const found = page(chosen, (alarm) => alarm.name, { ...input, itemsMax: 50 })
    return {
      MetricAlarms: found.items.flatMap((alarm) =>
        alarm.type === 'MetricAlarm' ? [metricAlarmShape(alarm)] : [],
      ),
      CompositeAlarms: found.items.flatMap((alarm) =>
        alarm.type === 'CompositeAlarm' ? [compositeAlarmShape(alarm)] : [],
      ),
      ...nextToken(found),
    }
  },
}

/** The names asked for by kinship; undefined when they are not. */
function relatives(
  all: readonly Alarm[],
  input: { ChildrenOfAlarmName?: string | undefined; ParentsOfAlarmName?: string | undefined },
): ReadonlySet<string> | undefined {
  const { ChildrenOfAlarmName: parent, ParentsOfAlarmName: child } = input
  if (parent !== undefined) {
    const alarm = all.find((one) => one.name === parent)
    return new Set(alarm ? childrenOf(alarm) : [])
  }
  if (child === undefined) return undefined
  return new Set(all.filter((one) => childrenOf(one).includes(child)).map((one) => one.name))
}

function hasAction(alarm: Alarm, prefix: string): boolean {
  const actions = [...alarm.okActions, ...alarm.alarmActions, ...alarm.insufficientDataActions]
  return actions.some((arn) => arn.startsWith(prefix))
}
