import type { DeploymentTarget } from './deployment-target.ts'
import { describeMinimum } from './domain/minimum-healthy.ts'
import { planDeployment, type DeploymentPlan, type Rollout } from './plan-deployment.ts'

/** What a deployment would do if every host succeeded: for people, before anything is touched. */
export interface DeploymentPreview {
  /** The arithmetic in words. */
  readonly minimum: string
  /** Hosts in the order in which they begin; each wave begins as one before it ends. */
  readonly waves: readonly {
    readonly hosts: readonly string[]
    readonly zones: readonly string[]
  }[]
  readonly end: NonNullable<DeploymentPlan['end']>
}

/** Plays the plan with hosts that all succeed, a wave at a time. Pure. */
export function previewDeployment(
  rollout: Rollout,
  targets: readonly DeploymentTarget[],
): DeploymentPreview {
  const waves: { hosts: readonly string[]; zones: readonly string[] }[] = []
  const minimum = describeMinimum(rollout.minimumHealthyHosts, targets.length)
  let current = targets
  // Each round begins a host at least, so there are no more rounds than hosts.
  for (let round = 0; round <= targets.length; round++) {
    // Zones are taken as watched long enough.
    const plan = planDeployment(rollout, current, Number.MAX_SAFE_INTEGER)
    if (plan.end) return { minimum, waves, end: plan.end }
    const begun = current.filter((target) => plan.start.includes(target.targetId))
    const zones = [...new Set(begun.flatMap((target) => target.zone ?? []))]
    waves.push({ hosts: plan.start, zones })
    current = current.map((target) =>
      plan.start.includes(target.targetId) ? { ...target, status: 'Succeeded' } : target,
    )
  }
  return { minimum, waves, end: { status: 'Succeeded' } }
}
