import type { AlarmConfiguration } from '@aws-sdk/client-codedeploy'
import type { AlarmSettings } from '../../deploy/deployment-group.ts'
import type { AcceptTree } from '../../wire/service.ts'
import * as errors from './errors.ts'

export const acceptsAlarms: AcceptTree = {
  enabled: true,
  ignorePollAlarmFailure: true,
  alarms: { name: true },
}

const alarmsMax = 10

export function openAlarms(configuration: AlarmConfiguration): AlarmSettings {
  const names = (configuration.alarms ?? []).map(({ name }) => {
    if (!name) throw errors.invalidAlarmConfig('An alarm needs a name')
    return name
  })
  if (names.length > alarmsMax) throw errors.groupLimitExceeded('Alarms')
  if (new Set(names).size < names.length) {
    throw errors.invalidAlarmConfig('An alarm is named twice')
  }
  if (configuration.enabled && names.length === 0) {
    throw errors.invalidAlarmConfig('An enabled alarm configuration needs alarms')
  }
  return {
    enabled: configuration.enabled ?? false,
    ignorePollFailure: configuration.ignorePollAlarmFailure ?? false,
    names,
  }
}

export function viewAlarms(alarms: AlarmSettings): AlarmConfiguration {
  return {
    enabled: alarms.enabled,
    ignorePollAlarmFailure: alarms.ignorePollFailure,
    alarms: alarms.names.map((name) => ({ name })),
  }
}
