import type { TargetView } from '../balance/targets.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Deployment } from './deployment.ts'
import type { DeploymentTarget } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'
import type { TrafficView } from './plan-target.ts'

/** A deployment's target groups as they are now, read once for all of its hosts. */
export interface TrafficSurvey {
  readonly groups: readonly {
    readonly arn: string
    readonly views: readonly TargetView[]
  }[]
  readonly unknownGroup: string | undefined
}

export async function surveyTraffic(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<TrafficSurvey> {
  const groups = []
  for (const name of deployment.targetGroupNames) {
    const arn = await world.targets.arnOfName(scope, name)
    const views = arn === undefined ? undefined : await world.targets.list(scope, arn)
    if (arn === undefined || !views) return { groups, unknownGroup: name }
    groups.push({ arn, views })
  }
  return { groups, unknownGroup: undefined }
}

/** Of a server of one's own: no balancer of ours has it, so it has left and joined whenever it is asked to. */
export const behindNoBalancer: TrafficView = {
  isOut: true,
  isListed: false,
  isServing: true,
  isMissing: false,
  reason: '',
}

/** One host's places in the surveyed groups. */
export function viewTraffic(survey: TrafficSurvey, target: DeploymentTarget): TrafficView {
  const wanted = placesToJoin(survey, target)
  const places = survey.groups.flatMap((group) =>
    group.views
      .filter((view) => view.targetId === target.targetId)
      .map((view) => ({ ...view, arn: group.arn })),
  )
  const joined = wanted.map((want) =>
    places.find(
      (place) =>
        place.arn === want.arn &&
        place.state !== 'draining' &&
        (want.port === undefined || place.port === want.port),
    ),
  )
  return {
    isOut: places.length === 0,
    isListed: places.some((place) => place.state !== 'draining'),
    isServing: joined.every((place) => place?.state === 'healthy' || place?.state === 'unused'),
    isMissing: joined.some((place) => place === undefined),
    reason: places
      .map(
        (place) =>
          `port ${place.port} is ${place.state} ${place.description ?? place.reason ?? ''}`,
      )
      .join(', ')
      .trim(),
    ...(survey.unknownGroup !== undefined && { unknownGroup: survey.unknownGroup }),
  }
}

/** Where it was before, and once with the group's own port where it was in no group. */
function placesToJoin(
  survey: TrafficSurvey,
  target: DeploymentTarget,
): readonly { readonly arn: string; readonly port?: number }[] {
  return survey.groups.flatMap((group) => {
    const before = (target.blocked ?? []).filter((place) => place.targetGroupArn === group.arn)
    return before.length > 0
      ? before.map((place) => ({ arn: group.arn, port: place.port }))
      : [{ arn: group.arn }]
  })
}

/** The places that it is about to be taken out of, to be remembered before it is. */
export function placesToLeave(
  survey: TrafficSurvey,
  target: DeploymentTarget,
): NonNullable<DeploymentTarget['blocked']> {
  const known = target.blocked ?? []
  const found = survey.groups.flatMap((group) =>
    group.views
      .filter((view) => view.targetId === target.targetId)
      .map((view) => ({ targetGroupArn: group.arn, port: view.port })),
  )
  const isKnown = (place: (typeof found)[number]): boolean =>
    known.some(
      (other) => other.targetGroupArn === place.targetGroupArn && other.port === place.port,
    )
  return [...known, ...found.filter((place) => !isKnown(place))]
}

export async function leaveTraffic(
  world: DeployWorld,
  scope: Scope,
  target: DeploymentTarget,
): Promise<void> {
  for (const { targetGroupArn, port } of target.blocked ?? []) {
    await world.targets.deregister(scope, targetGroupArn, [{ targetId: target.targetId, port }])
  }
}

export async function joinTraffic(
  world: DeployWorld,
  scope: Scope,
  work: { readonly survey: TrafficSurvey; readonly target: DeploymentTarget },
): Promise<void> {
  const { targetId } = work.target
  for (const { arn, port } of placesToJoin(work.survey, work.target)) {
    const place = port === undefined ? { targetId } : { targetId, port }
    await world.targets.register(scope, arn, [place])
  }
}
