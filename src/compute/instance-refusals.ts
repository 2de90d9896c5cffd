import { Refusal } from '../network/refusal.ts'
import type { Instance } from './instance.ts'

export function instanceNotFound(instanceId: string): Refusal {
  return new Refusal('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`)
}

export function wrongState(instance: Instance, verb: string): Refusal {
  return new Refusal(
    'IncorrectInstanceState',
    `The instance '${instance.instanceId}' is not in a state from which it can be ${verb}.`,
  )
}

export function requireMayStop(instance: Instance): void {
  if (instance.isStopProtected !== true) return
  throw new Refusal(
    'OperationNotPermitted',
    `The instance '${instance.instanceId}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
  )
}

/** As EC2 has it of requests that are fulfilled once. */
export function requireOnDemand({ instanceId, spot }: Instance): void {
  if (!spot) return
  throw new Refusal(
    'UnsupportedOperation',
    `You can't stop the Spot Instance '${instanceId}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
  )
}

/** AWS names the attribute to change. */
export function requireMayTerminate(instance: Instance): void {
  if (instance.isProtected !== true) return
  throw new Refusal(
    'OperationNotPermitted',
    `The instance '${instance.instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  )
}
