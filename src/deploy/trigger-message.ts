import type { Scope } from '../kernel/scope.ts'
import type { Deployment } from './deployment.ts'
import type { Trigger, TriggerEvent } from './deployment-group.ts'
import type { DeploymentTarget } from './deployment-target.ts'

/** What a trigger tells its topic. */
export interface TriggerMessage {
  /** The same for the same happening: it is told once. */
  readonly id: string
  readonly topicArn: string
  readonly subject: string
  /** JSON, whose members are all text, as AWS writes it. */
  readonly message: string
}

interface Told {
  readonly scope: Scope
  readonly deployment: Deployment
  readonly targets: readonly DeploymentTarget[]
}

/** Everything that a deployment's triggers have to tell of it so far (fact sheet §3.7). Pure. */
export function triggerMessages(told: Told): readonly TriggerMessage[] {
  const { deployment, targets } = told
  return (deployment.triggers ?? []).flatMap((trigger) => [
    ...eventsOf(deployment)
      .filter((event) => trigger.events.includes(event))
      .map((event) => aboutDeployment(told, trigger, event)),
    ...targets.flatMap((target) =>
      eventsOfTarget(target)
        .filter((event) => trigger.events.includes(event))
        .map((event) => aboutInstance(told, { trigger, event, target })),
    ),
  ])
}

function eventsOf(deployment: Deployment): readonly TriggerEvent[] {
  const { status, startTime, creator, blueGreen } = deployment
  const events: TriggerEvent[] = []
  if (startTime !== undefined) events.push('DeploymentStart')
  if (startTime !== undefined && creator === 'codeDeployRollback') events.push('DeploymentRollback')
  if (blueGreen && blueGreen.returnsFrom === undefined && blueGreen.phase !== 'install') {
    events.push('DeploymentReady')
  }
  if (status === 'Succeeded') events.push('DeploymentSuccess')
  if (status === 'Failed') events.push('DeploymentFailure')
  if (status === 'Stopped') events.push('DeploymentStop')
  return events
}

function eventsOfTarget(target: DeploymentTarget): readonly TriggerEvent[] {
  const hasBegun = target.events.some((event) => event.requestedAt !== undefined)
  const events: TriggerEvent[] = hasBegun ? ['InstanceStart'] : []
  if (target.status === 'Ready') events.push('InstanceReady')
  if (target.status === 'Succeeded') events.push('InstanceSuccess')
  if (target.status === 'Failed') events.push('InstanceFailure')
  return events
}

const statuses = {
  DeploymentStart: 'CREATED',
  DeploymentRollback: 'CREATED',
  DeploymentReady: 'READY',
  DeploymentSuccess: 'SUCCEEDED',
  DeploymentFailure: 'FAILED',
  DeploymentStop: 'STOPPED',
  InstanceStart: 'IN_PROGRESS',
  InstanceReady: 'READY',
  InstanceSuccess: 'SUCCEEDED',
  InstanceFailure: 'FAILED',
} as const satisfies Record<TriggerEvent, string>

function aboutDeployment(told: Told, trigger: Trigger, event: TriggerEvent): TriggerMessage {
  const { deployment } = told
  const { completeTime, errorInformation, rollback } = deployment
  const status = statuses[event]
  const error = errorInformation && {
    ErrorCode: errorInformation.code,
    ErrorMessage: errorInformation.message,
  }
  const message = {
    ...common(told, trigger),
    createTime: dateText(deployment.createTime),
    ...(completeTime !== undefined && { completeTime: dateText(completeTime) }),
    deploymentOverview: JSON.stringify(deployment.overview),
    status,
    ...(error && { errorInformation: JSON.stringify(error) }),
    ...(rollback && { rollbackInformation: JSON.stringify(rollbackText(rollback)) }),
  }
  const subject = `${status}: AWS CodeDeploy ${deployment.deploymentId} in ${told.scope.region} to ${deployment.applicationName}`
  return sealed(trigger, `${trigger.name}/${event}`, { subject, message })
}

function aboutInstance(
  told: Told,
  of: {
    readonly trigger: Trigger
    readonly event: TriggerEvent
    readonly target: DeploymentTarget
  },
): TriggerMessage {
  const { trigger, event, target } = of
  const status = statuses[event]
  const lifecycleEvents = target.events.map(({ name, status: of, startTime, endTime }) => ({
    LifecycleEvent: name,
    LifecycleEventStatus: of,
    ...(startTime !== undefined && { StartTime: dateText(startTime) }),
    ...(endTime !== undefined && { EndTime: dateText(endTime) }),
  }))
  const message = {
    ...common(told, trigger),
    instanceId: target.targetArn,
    lastUpdatedAt: dateText(target.lastUpdatedAt),
    instanceStatus: status,
    lifecycleEvents: JSON.stringify(lifecycleEvents),
  }
  const subject = `${status}: AWS CodeDeploy instance ${target.targetId} of ${target.deploymentId} in ${told.scope.region}`
  return sealed(trigger, `${trigger.name}/${event}/${target.targetId}`, { subject, message })
}

function common(told: Told, trigger: Trigger): Readonly<Record<string, string>> {
  const { scope, deployment } = told
  return {
    region: scope.region,
    accountId: scope.account,
    eventTriggerName: trigger.name,
    applicationName: deployment.applicationName,
    deploymentId: deployment.deploymentId,
    deploymentGroupName: deployment.deploymentGroupName,
  }
}

function rollbackText(rollback: NonNullable<Deployment['rollback']>): Record<string, string> {
  const { rollbackDeploymentId, rollbackTriggeringDeploymentId, rollbackMessage } = rollback
  return {
    ...(rollbackDeploymentId !== undefined && { RollbackDeploymentId: rollbackDeploymentId }),
    ...(rollbackTriggeringDeploymentId !== undefined && {
      RollbackTriggeringDeploymentId: rollbackTriggeringDeploymentId,
    }),
    ...(rollbackMessage !== undefined && { RollbackMessage: rollbackMessage }),
  }
}

/** SNS's bound of a subject. */
const subjectCharactersMax = 100

function sealed(
  trigger: Trigger,
  id: string,
  text: { readonly subject: string; readonly message: object },
): TriggerMessage {
  return {
    id,
    topicArn: trigger.topicArn,
    subject: text.subject.slice(0, subjectCharactersMax),
    message: JSON.stringify(text.message),
  }
}

/** `Mon Jan 11 20:20:21 UTC 2027`, as AWS writes times in these messages. */
function dateText(milliseconds: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(milliseconds)
    .toUTCString()
    .replace(',', '')
    .split(' ')
  return `${weekday} ${month} ${day} ${time} UTC ${year}`
}
