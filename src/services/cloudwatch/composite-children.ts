import { childrenOf } from '../../metrics/alarm-index.ts'
import type { Alarm, CompositeAlarmSettings } from '../../metrics/alarm.ts'
import { alarmsIn, parseAlarmRule } from '../../metrics/domain/alarm-rule.ts'
import { validationError } from './errors.ts'

/** Every alarm of the rule must be there, and none may look at this one in turn: two would then change each other for ever. */
export function checkChildren(settings: CompositeAlarmSettings, all: readonly Alarm[]): void {
  const byName = new Map(all.map((alarm) => [alarm.name, alarm]))
  const reading = parseAlarmRule(settings.rule)
  const children = reading.ok ? alarmsIn(reading.tree) : []
  const absent = children.filter((name) => name !== settings.name && !byName.has(name))
  if (absent.length > 0) {
    throw validationError(
      `Could not save the composite alarm as alarms [${absent.join(', ')}] in the alarm rule do not exist`,
    )
  }
  const seen = new Set<string>()
  const ahead = [...children]
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === settings.name) {
      throw validationError(`The alarm rule of ${settings.name} leads back to itself`)
    }
    if (seen.has(name)) continue
    seen.add(name)
    const alarm = byName.get(name)
    if (alarm) ahead.push(...childrenOf(alarm))
  }
}
