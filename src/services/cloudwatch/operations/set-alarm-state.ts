import { alarmNotFound, invalidFormat, invalidValue, missingParameter } from '../errors.ts'
import { checkName } from '../metric-names.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const setAlarmState: Operation<CloudWatchOperations, 'SetAlarmState', CloudWatchDeps> = {
  accepts: { AlarmName: true, StateValue: true, StateReason: true, StateReasonData: true },
  async handle(input, request, { metrics }) {
    const name = checkName(input.AlarmName, 'AlarmName')
    const to = states.find((state) => state === input.StateValue)
    if (input.StateValue === undefined) throw missingParameter('StateValue')
    if (to === undefined) {
      throw invalidValue(
        `The value ${String(input.StateValue)} for parameter StateValue is invalid.`,
      )
    }
    if (!input.StateReason) throw missingParameter('StateReason')
    const { StateReason: reason, StateReasonData: reasonData } = input
    if (reasonData !== undefined && !isJson(reasonData)) {
      throw invalidFormat('StateReasonData must be valid JSON')
    }
    if (!(await metrics.alarms.setState(request.scope, name, { to, reason, reasonData }))) {
      throw alarmNotFound()
    }
    return {}
  },
}

const states = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return false
    throw thrown
  }
}
