import { modify, type StoredRecord } from '../store/records.ts'
import { deployments, type Deployment, type DeploymentError } from './deployment.ts'
import type { DeployWorld } from './deploy-world.ts'

/** Any of a deployment's alarms that rings stops it (fact sheet §3.7). True when it has just been told to stop. */
export async function stopOnAlarm(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
): Promise<boolean> {
  const { alarms, stopRequested } = record.value
  if (!alarms?.enabled || stopRequested) return false
  const reasons: string[] = []
  for (const name of alarms.names) {
    const state = await world.alarms?.state(record.scope, name)
    if (state === 'ALARM') reasons.push(`${name} is in ALARM`)
    else if (state === undefined && !alarms.ignorePollFailure) reasons.push(`${name} was not found`)
  }
  if (reasons.length === 0) return false
  const at = { kind: deployments, scope: record.scope, id: record.value.deploymentId }
  await modify(world.context.store, at, (deployment) =>
    deployment.stopRequested
      ? undefined
      : { ...deployment, stopRequested: { alarms: reasons.join(', ') } },
  )
  return true
}

/** Why a deployment that ends Stopped was stopped. */
export function stopError({ stopRequested }: Deployment): DeploymentError {
  if (stopRequested?.alarms === undefined) {
    return { code: 'MANUAL_STOP', message: 'The deployment was stopped on request.' }
  }
  const message =
    'One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, ' +
    `and the affected deployments have been stopped. Activated alarms: ${stopRequested.alarms}.`
  return { code: 'ALARM_ACTIVE', message }
}
