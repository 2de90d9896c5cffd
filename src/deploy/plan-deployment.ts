import type { DeploymentError, DeploymentOverview } from './deployment.ts'
import { failedEvent, type DeploymentTarget } from './deployment-target.ts'
import {
  describeMinimum,
  requiredHealthy,
  type MinimumHealthyHosts,
} from './domain/minimum-healthy.ts'
import { zoneTurn, type ZonalConfig, type ZonalHost } from './domain/zonal-rollout.ts'
import { noOverview } from './deployment.ts'

/** What the planner needs of a deployment. */
export interface Rollout {
  readonly minimumHealthyHosts: MinimumHealthyHosts
  readonly isStopping: boolean
  readonly zonal?: ZonalConfig
}

export interface DeploymentPlan {
  /** Hosts whose turn it is. */
  readonly start: readonly string[]
  /** How it ends, once nothing is under way and nothing may start; hosts still waiting are skipped. */
  readonly end?:
    | { readonly status: 'Succeeded' }
    | { readonly status: 'Stopped'; readonly error?: DeploymentError }
    | { readonly status: 'Failed'; readonly error: DeploymentError }
}

/**
 * Which hosts begin now, or how the deployment ends (fact sheet §3.5): as many as the minimum of healthy hosts allows, refilled
 * as hosts finish, unhealthy ones first, zone by zone where that is configured. `targets` are all of the deployment's.
 */
export function planDeployment(
  rollout: Rollout,
  targets: readonly DeploymentTarget[],
  now = 0,
): DeploymentPlan {
  const underWay = targets.filter((target) => target.status === 'InProgress')
  if (rollout.isStopping) {
    return underWay.length > 0 ? { start: [] } : { start: [], end: { status: 'Stopped' } }
  }
  const fleet = targets.length
  const required = requiredHealthy(rollout.minimumHealthyHosts, fleet)
  if (required >= fleet) return { start: [], end: impossible(rollout, fleet) }
  const turn = rollout.zonal && zoneTurn(rollout.zonal, targets.map(asZonalHost), now)
  if (turn?.state === 'monitoring') return { start: [] }
  const zone = turn?.state === 'open' ? turn : undefined
  if (zone && zone.required >= zone.fleet) return { start: [], end: impossibleIn(rollout, zone) }
  const waiting = inOrder(
    targets.filter(
      (target) => target.status === 'Pending' && (!zone || (target.zone ?? '') === zone.zone),
    ),
  )
  let healthy = healthyCount(targets)
  let room = Math.min(fleet - required - underWay.length, zone?.room ?? fleet)
  let spare = zone?.spare ?? fleet
  const start: string[] = []
  for (const target of waiting) {
    if (room <= 0) break
    if (target.wasHealthy && (healthy - 1 < required || spare < 1)) continue
    if (target.wasHealthy) {
      healthy -= 1
      spare -= 1
    }
    room -= 1
    start.push(target.targetId)
  }
  if (start.length > 0 || underWay.length > 0) return { start }
  return { start, end: conclude(rollout, targets, required) }
}

/** Hosts that serve as far as deployments know: good and untouched, or done. A host under way is not. */
export function healthyCount(targets: readonly DeploymentTarget[]): number {
  return targets.filter(
    (target) => target.status === 'Succeeded' || (target.status === 'Pending' && target.wasHealthy),
  ).length
}

function asZonalHost(target: DeploymentTarget): ZonalHost {
  return {
    ...(target.zone !== undefined && { zone: target.zone }),
    isWaiting: target.status === 'Pending',
    isUnderWay: target.status === 'InProgress',
    isHealthy: healthyCount([target]) === 1,
    updatedAt: target.lastUpdatedAt,
  }
}

const ageOrder = { unknown: 0, old: 1, current: 2 } as const

/** Unhealthy, then of unknown revision, then old, then current; by id within each. */
export function inOrder(targets: readonly DeploymentTarget[]): readonly DeploymentTarget[] {
  return targets.toSorted(
    (a, b) =>
      Number(a.wasHealthy) - Number(b.wasHealthy) ||
      ageOrder[a.revisionAge] - ageOrder[b.revisionAge] ||
      (a.targetId < b.targetId ? -1 : 1),
  )
}

export function overviewOf(targets: readonly DeploymentTarget[]): DeploymentOverview {
  const counts = { ...noOverview }
  for (const target of targets) counts[target.status] += 1
  return counts
}

function conclude(
  rollout: Rollout,
  targets: readonly DeploymentTarget[],
  required: number,
): NonNullable<DeploymentPlan['end']> {
  const waiting = targets.filter((target) => target.status === 'Pending').length
  const succeeded = targets.filter((target) => target.status === 'Succeeded').length
  if (waiting === 0 && succeeded > 0 && healthyCount(targets) >= required) {
    return { status: 'Succeeded' }
  }
  const failed = targets.filter((target) => target.status === 'Failed')
  const message = [
    healthConstraints,
    `Here ${describeMinimum(rollout.minimumHealthyHosts, targets.length)};`,
    `${succeeded} succeeded, ${failed.length} failed, ${waiting} did not begin.`,
    ...failed.slice(0, explainedMax).map(describeFailure),
  ].join(' ')
  return { status: 'Failed', error: { code: 'HEALTH_CONSTRAINTS', message } }
}

/** AWS's own words come first: clients look for them. */
const healthConstraints =
  'The overall deployment failed because too many individual instances failed deployment, too few ' +
  'healthy instances are available for deployment, or some instances in your deployment group are ' +
  'experiencing problems.'

/** Failures told in the deployment's own message; all of them are on their targets. */
const explainedMax = 3

/** `i-1 failed in ValidateService: scripts/check.sh: exit code 1. Its last lines: …` */
export function describeFailure(target: DeploymentTarget): string {
  const event = failedEvent(target)
  if (!event) return `${target.targetId} failed.`
  const { scriptName = '', message = '', logTail = '' } = event.diagnostics ?? {}
  const script = scriptName === '' ? '' : `${scriptName}: `
  const lines = logTail.trim().split('\n').slice(-tailLines).join(' | ')
  const tail = lines === '' ? '' : ` Its last lines: ${lines}`
  return `${target.targetId} failed in ${event.name}: ${script}${message}.${tail}`
}

const tailLines = 5

function impossible(rollout: Rollout, fleet: number): NonNullable<DeploymentPlan['end']> {
  const message =
    'The deployment failed because the minimum number of healthy hosts leaves no host to deploy to: ' +
    `${describeMinimum(rollout.minimumHealthyHosts, fleet)}. ` +
    'Choose a deployment configuration that lets at least one host be out of service.'
  return { status: 'Failed', error: { code: 'HEALTH_CONSTRAINTS_INVALID', message } }
}

function impossibleIn(
  rollout: Rollout,
  zone: { readonly zone: string; readonly fleet: number },
): NonNullable<DeploymentPlan['end']> {
  const minimum = rollout.zonal?.minimumHealthyHostsPerZone ?? rollout.minimumHealthyHosts
  const message =
    `The deployment failed because the minimum number of healthy hosts in ${zone.zone} leaves no host to deploy to: ` +
    `${describeMinimum(minimum, zone.fleet)}.`
  return { status: 'Failed', error: { code: 'HEALTH_CONSTRAINTS_INVALID', message } }
}
