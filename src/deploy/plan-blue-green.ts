import { leaverOf, takerOf, type BlueGreenCourse, type BlueGreenPhase } from './blue-green.ts'
import type { DeploymentTarget } from './deployment-target.ts'
import {
  describeFailure,
  planDeployment,
  type DeploymentPlan,
  type Rollout,
} from './plan-deployment.ts'

export interface BlueGreenPlan extends DeploymentPlan {
  /** What comes next, when this phase has done its work. */
  readonly phase?: BlueGreenPhase
  /** The original environment is to be terminated before the end. */
  readonly terminates?: true
}

/**
 * The next steps of a blue/green deployment (fact sheet §3.4, §3.6): the replacement is installed at the configuration's rate, waits,
 * takes the traffic at that rate; then the original leaves it, waits, and ends. Pure.
 */
export function planBlueGreen(
  course: BlueGreenCourse,
  rollout: Rollout,
  targets: readonly DeploymentTarget[],
  now: number,
): BlueGreenPlan {
  const takers = targets.filter((target) => target.label === takerOf(course))
  const leavers = targets.filter((target) => target.label === leaverOf(course))
  switch (course.phase) {
    case 'install':
      return thenPhase(
        planDeployment(rollout, takers.map(asInstalling), now),
        course.readyAction === 'STOP_DEPLOYMENT' ? 'ready' : 'reroute',
      )
    case 'ready':
      return planReadyWait(course, rollout, now)
    case 'reroute':
      return thenPhase(planDeployment(rollout, takers.map(asRerouting), now), 'block')
    case 'block':
      return planBlock(course, rollout, leavers)
    case 'terminationWait':
      return planTerminationWait(course, rollout, now)
    case 'terminate':
      return { start: [], terminates: true, end: { status: 'Succeeded' } }
  }
}

/** While the replacement is installed, a host that is ready has done its part. */
function asInstalling(target: DeploymentTarget): DeploymentTarget {
  return target.status === 'Ready' ? { ...target, status: 'Succeeded' } : target
}

/** While traffic moves, a ready host waits for its turn. */
function asRerouting(target: DeploymentTarget): DeploymentTarget {
  return target.status === 'Ready' ? { ...target, status: 'Pending', wasHealthy: true } : target
}

function thenPhase(plan: DeploymentPlan, phase: BlueGreenPhase): BlueGreenPlan {
  return plan.end?.status === 'Succeeded' ? { start: [], phase } : plan
}

function planReadyWait(course: BlueGreenCourse, rollout: Rollout, now: number): BlueGreenPlan {
  if (rollout.isStopping) return { start: [], end: { status: 'Stopped' } }
  if (course.continued.includes('READY_WAIT')) return { start: [], phase: 'reroute' }
  if (now - course.phaseSince < course.readyWaitMinutes * minute) return { start: [] }
  const message =
    `The replacement environment was ready, and nobody continued the deployment within ` +
    `${course.readyWaitMinutes} minutes (ContinueDeployment with READY_WAIT). The original environment serves.`
  return { start: [], end: { status: 'Stopped', error: { code: 'TIMEOUT', message } } }
}

/** Traffic is with the others already, so all leave at once. */
function planBlock(
  course: BlueGreenCourse,
  rollout: Rollout,
  leavers: readonly DeploymentTarget[],
): BlueGreenPlan {
  const isUnderWay = leavers.some((target) => target.status === 'InProgress')
  if (rollout.isStopping) return isUnderWay ? { start: [] } : stopped
  const waiting = leavers.filter((target) => target.status === 'Pending')
  if (waiting.length > 0) return { start: waiting.map((target) => target.targetId) }
  if (isUnderWay) return { start: [] }
  const failed = leavers.filter((target) => target.status === 'Failed')
  if (failed.length > 0) {
    const message =
      'The deployment failed because an instance of the environment that traffic was taken from ' +
      `did not leave it. ${failed.slice(0, 3).map(describeFailure).join(' ')}`
    return { start: [], end: { status: 'Failed', error: { code: 'HEALTH_CONSTRAINTS', message } } }
  }
  const isOver = course.returnsFrom !== undefined || course.blueAction === 'KEEP_ALIVE'
  return isOver
    ? { start: [], end: { status: 'Succeeded' } }
    : { start: [], phase: 'terminationWait' }
}

function planTerminationWait(
  course: BlueGreenCourse,
  rollout: Rollout,
  now: number,
): BlueGreenPlan {
  if (rollout.isStopping) return stopped
  const isOver =
    course.continued.includes('TERMINATION_WAIT') ||
    now - course.phaseSince >= course.terminationWaitMinutes * minute
  return isOver ? { start: [], phase: 'terminate' } : { start: [] }
}

const minute = 60_000
const stopped = { start: [], end: { status: 'Stopped' } } as const
