import { isoSeconds } from '../../kernel/clock.ts'
import type { LaunchReason, TakeOutReason } from './views.ts'

export interface Sizes {
  readonly from: number
  readonly to: number
}

/** The causes of activities in AWS's own words: people and tools read them. */
export const causes = {
  created: (at: number, desired: number) =>
    `At ${isoSeconds(at)} a user request created an AutoScalingGroup changing the desired capacity from 0 to ${desired}.`,
  updated: (at: number, to: { min: number; max: number; desired: number }, from: number) =>
    `At ${isoSeconds(at)} a user request update of AutoScalingGroup constraints to min: ${to.min}, max: ${to.max}, ` +
    `desired: ${to.desired} changing the desired capacity from ${from} to ${to.desired}.`,
  setDesired: (at: number, sizes: Sizes) =>
    `At ${isoSeconds(at)} a user request explicitly set group desired capacity changing the desired capacity ` +
    `from ${sizes.from} to ${sizes.to}.`,
  policyExecuted: (at: number, policy: string, sizes: Sizes) =>
    `At ${isoSeconds(at)} a user request executed policy ${policy} changing the desired capacity ` +
    `from ${sizes.from} to ${sizes.to}.`,
  alarmTriggered: (
    at: number,
    by: { alarm: string; state: string; policy: string },
    sizes: Sizes,
  ) =>
    `At ${isoSeconds(at)} a monitor alarm ${by.alarm} in state ${by.state} triggered policy ${by.policy} changing the ` +
    `desired capacity from ${sizes.from} to ${sizes.to}.`,
  scheduled: (at: number, to: { min: number; max: number; desired: number }, from: number) =>
    `At ${isoSeconds(at)} a scheduled action update of AutoScalingGroup constraints to min: ${to.min}, max: ${to.max}, ` +
    `desired: ${to.desired} changing the desired capacity from ${from} to ${to.desired}.`,
  forceDeleted: (at: number, desired: number) =>
    `At ${isoSeconds(at)} a user request force-deleted AutoScalingGroup changing the desired capacity from ${desired} to 0.`,
}

/** Why an instance went to standby, came back, was attached or detached; `sizes` when the capacity went along. */
export function moveCause(
  what: 'moved to standby' | 'moved out of standby' | 'attached' | 'detached',
  at: number,
  instanceId: string,
  sizes: Sizes | undefined,
): string {
  const said = `At ${isoSeconds(at)} instance ${instanceId} was ${what} in response to a user request`
  if (!sizes) return `${said}.`
  const verb = sizes.to < sizes.from ? 'shrinking' : 'increasing'
  return `${said}, ${verb} the capacity from ${sizes.from} to ${sizes.to}.`
}

/** Why an instance was launched; `request` is the wish that it answers, if any. */
export function launchCause(
  why: LaunchReason,
  at: number,
  sizes: Sizes,
  request: string | undefined,
): string {
  switch (why) {
    case 'replacement':
      return `At ${isoSeconds(at)} an instance was launched in response to an unhealthy instance needing to be replaced.`
    case 'refresh':
      return `At ${isoSeconds(at)} an instance was launched in response to an instance refresh.`
    case 'spot':
      return `At ${isoSeconds(at)} an instance was launched in response to an EC2 instance rebalance recommendation.`
    case 'rebalance':
      return (
        `At ${isoSeconds(at)} an instance was launched to balance the instances of the group between its ` +
        `availability zones, changing the number of instances from ${sizes.from} to ${sizes.to}.`
      )
    case 'pool':
      return (
        `At ${isoSeconds(at)} an instance was started in response to a difference between desired and actual ` +
        `warm pool capacity, increasing the warm pool capacity from ${sizes.from} to ${sizes.to}.`
      )
    case 'capacity':
      return joined(
        request,
        `At ${isoSeconds(at)} an instance was started in response to a difference between desired and actual ` +
          `capacity, increasing the capacity from ${sizes.from} to ${sizes.to}.`,
      )
  }
}

/** Why an instance was taken out of service. */
export function departureCause(
  why: TakeOutReason,
  at: number,
  { instanceId, sizes }: { instanceId: string; sizes: Sizes },
  request: string | undefined,
): string {
  const out = `At ${isoSeconds(at)} an instance was taken out of service in response to`
  const selected = `At ${isoSeconds(at)} instance ${instanceId} was selected for termination.`
  switch (why) {
    case 'ec2-health':
      return `${out} an EC2 health check indicating it has been terminated or stopped.`
    case 'ec2-status':
      return `${out} an EC2 instance status checks failure.`
    case 'elb-health':
      return `${out} an ELB system health check failure.`
    case 'user-health':
      return `${out} a user health-check.`
    case 'abandoned':
      return `${out} a launch being abandoned by a lifecycle subscriber.`
    case 'refresh':
      return joined(`${out} an instance refresh.`, selected)
    case 'lifetime':
      return joined(`${out} the maximum instance lifetime being reached.`, selected)
    case 'spot':
      return joined(`${out} an EC2 instance rebalance recommendation.`, selected)
    case 'user-request':
      return sizes.from === sizes.to
        ? `At ${isoSeconds(at)} instance ${instanceId} was taken out of service in response to a user request.`
        : `At ${isoSeconds(at)} instance ${instanceId} was taken out of service in response to a user request, ` +
            `shrinking the capacity from ${sizes.from} to ${sizes.to}.`
    case 'pool':
      return joined(
        `${out} a difference between desired and actual warm pool capacity, shrinking the warm pool capacity ` +
          `from ${sizes.from} to ${sizes.to}.`,
        selected,
      )
    case 'rebalance':
      return joined(`${out} an availability zone having more instances than the others.`, selected)
    case 'scale-in':
    case 'delete':
      return joined(
        request,
        `${out} a difference between desired and actual capacity, shrinking the capacity ` +
          `from ${sizes.from} to ${sizes.to}.`,
        selected,
      )
  }
}

/** Why an instance went back to the warm pool. */
export function returnCause(
  at: number,
  instanceId: string,
  sizes: Sizes,
  request: string | undefined,
): string {
  return joined(
    request,
    `At ${isoSeconds(at)} instance ${instanceId} was returned to the warm pool in response to a difference ` +
      `between desired and actual capacity, shrinking the capacity from ${sizes.from} to ${sizes.to}.`,
  )
}

/** AWS puts two spaces between the sentences of a cause. */
function joined(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join('  ')
}
