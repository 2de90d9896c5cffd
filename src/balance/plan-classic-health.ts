import type { Instance } from '../compute/instance.ts'
import type { GatewayReport } from '../protocol/gateway.ts'
import type { ClassicBalancer, ClassicInstance } from './classic-records.ts'
import { classicGroups, classicTargets } from './plan-classic.ts'
import type { Picture } from './plan-configuration.ts'
import { planHealthView } from './plan-health-view.ts'
import type { TargetView } from './targets.ts'

/** As DescribeInstanceHealth shows it, in AWS's words. */
export interface ClassicHealth {
  readonly instanceId: string
  readonly state: 'InService' | 'OutOfService' | 'Unknown'
  readonly reasonCode: 'ELB' | 'Instance' | 'N/A'
  readonly description: string
}

type Verdict = Omit<ClassicHealth, 'instanceId'>

const inService: Verdict = { state: 'InService', reasonCode: 'N/A', description: 'N/A' }
const leaving: Verdict = {
  ...inService,
  description: 'Instance deregistration currently in progress.',
}

const out = (reasonCode: ClassicHealth['reasonCode'], description: string): Verdict => ({
  state: 'OutOfService',
  reasonCode,
  description,
})
const registering = out('ELB', 'Instance registration is still in progress.')
const notPassed = out(
  'Instance',
  'Instance has not passed the configured HealthyThreshold number of health checks consecutively.',
)
const failed = out(
  'Instance',
  'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
)
const elsewhere = out(
  'ELB',
  'Instance is in the EC2 Availability Zone for which LoadBalancer is not configured to route traffic to.',
)
/** Of an instance that exists and is in another place, or in none. */
export const notRegistered = out(
  'Instance',
  'Instance is not currently registered with the LoadBalancer.',
)
/** Without listeners nobody checks. */
const unasked: Verdict = {
  state: 'Unknown',
  reasonCode: 'ELB',
  description: 'A transient error occurred. Please try again later.',
}

/** How an instance does behind a classic balancer: in service once every listener's gateways say so. */
export function planClassicHealth(
  picture: Picture,
  of: {
    readonly balancer: ClassicBalancer
    readonly registration: ClassicInstance
    readonly instance: Instance | undefined
  },
  reports: readonly GatewayReport[],
): ClassicHealth {
  const { balancer, registration, instance } = of
  const { instanceId } = registration
  const verdict = (): Verdict => {
    if (registration.state === 'draining') return leaving
    const resting = restingState(instance)
    if (resting !== undefined) return out('Instance', `Instance is in ${resting} state.`)
    if (!balancer.zones.some((zone) => zone.zone === instance?.zone)) return elsewhere
    const targets = classicTargets(balancer, registration)
    const views = classicGroups(balancer).flatMap((group) =>
      targets
        .filter((target) => target.groupId === group.groupId)
        .map((target) => planHealthView(picture, group, target, reports)),
    )
    return judged(views)
  }
  return { instanceId, ...verdict() }
}

function restingState(instance: Instance | undefined): string | undefined {
  switch (instance?.state) {
    case undefined:
    case 'shutting-down':
    case 'terminated':
      return 'terminated'
    case 'stopping':
    case 'stopped':
      return 'stopped'
    case 'pending':
      return 'pending'
    case 'running':
      return undefined
  }
}

function judged(views: readonly TargetView[]): Verdict {
  if (views.length === 0) return unasked
  if (views.every((view) => view.state === 'healthy')) return inService
  if (views.some((view) => view.state === 'unhealthy')) return failed
  const isChecked = views.some((view) => view.reason === 'Elb.InitialHealthChecking')
  return isChecked ? notPassed : registering
}

/** The same in the words that `scale` and `deploy` know. */
export function classicTargetView(
  balancer: ClassicBalancer,
  health: ClassicHealth,
  zone: string | undefined,
): TargetView {
  const { instanceId: targetId, reasonCode, description } = health
  const port = balancer.listeners[0]?.instancePort ?? balancer.healthCheck.port
  return { targetId, port, zone, state: phaseOf(health), reason: reasonCode, description }
}

function phaseOf(health: ClassicHealth): TargetView['state'] {
  if (health.description === leaving.description) return 'draining'
  if (health.state === 'InService') return 'healthy'
  if (health.description === failed.description) return 'unhealthy'
  const isComing = [registering.description, notPassed.description].includes(health.description)
  return isComing ? 'initial' : 'unused'
}
