import type { Instances } from '../compute/instance.ts'
import type { AlarmStates } from '../deploy/deploy-world.ts'
import { parseArn } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import { alarmArn } from '../metrics/alarm-catalogue.ts'
import { alarmMessage } from '../metrics/alarm-message.ts'
import type { AlarmActions, AlarmTransition } from '../metrics/alarm.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { ManagedAlarms } from '../scale/managed-alarms.ts'
import type { PolicyRequests } from '../scale/scaling-policies.ts'
import type { Topics } from '../topics/create-topics.ts'
import { tellTopic, topicRefusal } from './topic-notices.ts'

/** What alarms may act on. `policies` is asked for when an alarm speaks: the two engines know each other. */
export interface ActionTargets {
  readonly instances: Pick<Instances, 'find' | 'start' | 'stop' | 'terminate' | 'reboot'>
  readonly policies: () => Pick<PolicyRequests, 'executePolicy'>
  readonly topics: Topics
  readonly alarms: () => Pick<Metrics['alarms'], 'find'>
}

const ec2Action = /^arn:[^:]+:automate:([^:]*):ec2:(stop|terminate|reboot|recover)$/

/** Joins alarms to scaling policies, to instances and to topics. */
export function alarmActions(targets: ActionTargets): AlarmActions {
  return {
    refusal(scope, actionArn) {
      const ec2 = ec2Action.exec(actionArn)
      if (ec2) return ec2[1] === scope.region ? undefined : 'it is of another region'
      const arn = parseArn(actionArn)
      if (arn === undefined) return 'it is not an ARN'
      if (arn.service === 'automate')
        return 'of EC2 actions there are stop, terminate, reboot and recover'
      if (arn.service === 'sns') return topicRefusal(scope, actionArn)
      if (arn.service !== 'autoscaling') return `actions of ${arn.service} are not supported here`
      if (!arn.resource.startsWith('scalingPolicy:')) return 'it does not name a scaling policy'
      const isNear = arn.region === scope.region && arn.account === scope.account
      return isNear ? undefined : 'it is of another account or region'
    },
    async run(scope, actionArn, transition) {
      if (parseArn(actionArn)?.service === 'sns') {
        const alarm = await targets.alarms().find(scope, transition.alarmName)
        const notice = alarmMessage(scope, transition, alarm)
        return tellTopic(targets.topics, actionArn, notice)
      }
      const verb = ec2Action.exec(actionArn)?.[2]
      if (verb === undefined) return scaleBy(targets, scope, actionArn, transition)
      const instanceId = transition.dimensions['InstanceId']
      if (instanceId === undefined) throw new Error('the alarm has no dimension InstanceId')
      await actOn(targets.instances, scope, { verb, instanceId })
    },
  }
}

/**
 * Recovering keeps the instance, its disk and its addresses, and gives it new processes: a reboot while it runs, a start when it ended by
 * itself or was stopped.
 */
async function actOn(
  instances: ActionTargets['instances'],
  scope: Scope,
  { verb, instanceId }: { readonly verb: string; readonly instanceId: string },
): Promise<void> {
  if (verb === 'stop') return instances.stop(scope, instanceId)
  if (verb === 'terminate') return instances.terminate(scope, instanceId)
  const record = verb === 'recover' ? await instances.find(scope, instanceId) : undefined
  if (record?.value.state === 'stopped') return instances.start(scope, instanceId)
  return instances.reboot(scope, instanceId)
}

async function scaleBy(
  targets: ActionTargets,
  scope: Scope,
  policyArn: string,
  { alarmName, to: alarmState, value, threshold }: AlarmTransition,
): Promise<void> {
  const breach =
    value === undefined || threshold === undefined ? undefined : { metricValue: value, threshold }
  const answer = await targets
    .policies()
    .executePolicy(scope, policyArn, { alarmName, alarmState, breach })
  // A policy that rests, by its cooldown or because someone suspended it, was asked all the same.
  if (answer.ok) return
  if (answer.reason === 'unknown') throw new Error(`there is no scaling policy ${policyArn}`)
}

/** What deployments watch alarms by. */
export function alarmStates(metrics: Pick<Metrics, 'alarms'>): AlarmStates {
  return { state: async (scope, name) => (await metrics.alarms.find(scope, name))?.state }
}

/** The alarms of target tracking, kept beside everyone else's. */
export function managedAlarms(metrics: Metrics): ManagedAlarms {
  return {
    async put(scope, alarms) {
      for (const alarm of alarms) {
        const { metric, actions } = alarm
        const settings = {
          type: 'MetricAlarm' as const,
          name: alarm.name,
          description: alarm.description,
          actionsEnabled: true,
          okActions: [],
          alarmActions: actions,
          insufficientDataActions: [],
          measure: {
            kind: 'metric' as const,
            namespace: metric.namespace,
            name: metric.metricName,
            dimensions: metric.dimensions,
            statistic: metric.statistic,
            periodSeconds: alarm.periodSeconds,
            ...(metric.unit === undefined ? {} : { unit: metric.unit }),
          },
          evaluationPeriods: alarm.evaluationPeriods,
          threshold: alarm.threshold,
          comparison: alarm.comparison,
          missing: 'missing' as const,
          isMissingGiven: false,
        }
        await metrics.alarms.put(scope, settings, [])
      }
      return alarms.map(({ name }) => alarmArn(scope, name))
    },
    remove: (scope, names) => metrics.alarms.remove(scope, names),
    async acting(scope) {
      return (await metrics.alarms.list(scope)).map((alarm) => ({
        name: alarm.name,
        arn: alarmArn(scope, alarm.name),
        actions: [...alarm.alarmActions, ...alarm.okActions, ...alarm.insufficientDataActions],
      }))
    },
  }
}
