import { isFinished, activeDeployments, deployments, type Deployment } from './deployment.ts'
import {
  currentEvent,
  deploymentTargets,
  hasEnded,
  type DeploymentTarget,
} from './deployment-target.ts'
import { hostCommands, hostPolls, commandKey } from './host-command.ts'
import { leaverOf } from './blue-green.ts'
import type { DeployWorld } from './deploy-world.ts'
import { announce, finishDeployment } from './finish-deployment.ts'
import { beginDeployment, markQueued } from './begin-deployment.ts'
import { isTrafficEvent } from './domain/lifecycle-events.ts'
import { observeHosts, type ObservedHosts } from './observe-hosts.ts'
import { startInTurn } from './start-in-turn.ts'
import { stopError, stopOnAlarm } from './watch-alarms.ts'
import { withdrawUnfit } from './withdraw-unfit.ts'
import {
  behindNoBalancer,
  joinTraffic,
  leaveTraffic,
  placesToLeave,
  surveyTraffic,
  viewTraffic,
  type TrafficSurvey,
} from './move-traffic.ts'
import { enterPhase, settleOnTaker, terminateBlue } from './carry-blue-green.ts'
import { planBlueGreen, type BlueGreenPlan } from './plan-blue-green.ts'
import { overviewOf, planDeployment } from './plan-deployment.ts'
import {
  endTarget,
  failWaiting,
  planTarget,
  type HostView,
  type TargetPlan,
} from './plan-target.ts'
import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import type { StoredRecord } from '../store/records.ts'

const deploymentsReconcilerName = 'deploy/deployments'

/** Carries every unfinished deployment on: observe → plan (pure) → act → record, until nothing more can be done now. */
export function deploymentsReconciler(world: DeployWorld): Reconciler {
  const { store } = world.context
  return {
    name: deploymentsReconcilerName,
    periodMilliseconds: 2000,
    concurrencyMax: 8,
    keys: async () =>
      (await store.listAll(activeDeployments)).map((record) =>
        keyOf(record.scope, record.value.deploymentId),
      ),
    wakes: [
      { kind: deployments, keysOf: (change) => [keyOf(change.scope, change.id)] },
      {
        kind: hostCommands,
        keysOf: (change) => [keyOf(change.scope, change.id.split('/')[0] ?? '')],
      },
    ],
    reconcile: (key) => reconcileDeployment(world, key),
  }
}

/** Soon again: another's progress that no change of ours tells of (a balancer's health checks, a queue of launches). */
const pollMilliseconds = 100

/** Rounds of one activation; each does all that can be done at once, so few are ever needed. */
const roundsMax = 50

async function reconcileDeployment(world: DeployWorld, key: string): Promise<Outcome | undefined> {
  const { scope, id } = openKey(key)
  for (let round = 0; round < roundsMax; round++) {
    const record = await world.context.store.find(deployments, scope, id)
    if (!record || isFinished(record.value.status)) return undefined
    const { status } = record.value
    const hasBegun = status === 'InProgress' || status === 'Ready'
    const outcome = hasBegun ? await carryOn(world, record) : await begin(world, record)
    if (outcome !== 'again') return outcome
  }
  return { againAfterMilliseconds: pollMilliseconds }
}

type Round = Outcome | undefined | 'again'

async function begin(world: DeployWorld, record: StoredRecord<Deployment>): Promise<Round> {
  if (await stopOnAlarm(world, record)) return 'again'
  if (record.value.stopRequested) {
    const error = stopError(record.value)
    await finishDeployment(world, record, { status: 'Stopped', error })
    return 'again'
  }
  const outcome = await beginDeployment(world, record)
  switch (outcome.state) {
    case 'begun':
      announce(world, record.scope, { ...record.value, status: 'InProgress' })
      return 'again'
    case 'provisioning':
      return { againAfterMilliseconds: pollMilliseconds }
    case 'queued':
      await markQueued(world, record)
      return { againAfterMilliseconds: pollMilliseconds }
    case 'failed':
      await finishDeployment(world, record, { status: 'Failed', error: outcome.error })
      return 'again'
  }
}

async function carryOn(world: DeployWorld, record: StoredRecord<Deployment>): Promise<Round> {
  if (await stopOnAlarm(world, record)) return 'again'
  const deployment = record.value
  const observed = await observe(world, record)
  let isAgain = false
  const targets: DeploymentTarget[] = []
  for (const target of observed.targets) {
    const next = await stepTarget(world, { record, target, observed })
    if (next !== target.value) isAgain = true
    targets.push(next)
  }
  const isStopping = deployment.stopRequested !== undefined
  const rollout = { ...deployment, isStopping }
  const now = world.context.clock.now()
  const plan: BlueGreenPlan = deployment.blueGreen
    ? planBlueGreen(deployment.blueGreen, rollout, targets, now)
    : planDeployment(rollout, targets, now)
  let isHeldUp = false
  for (const targetId of plan.start) {
    const at = { deploymentId: deployment.deploymentId, targetId }
    if (await startInTurn(world, record.scope, at)) isAgain = true
    else isHeldUp = true
  }
  if (plan.phase) {
    await enterPhase(world, record, plan.phase)
    return 'again'
  }
  if (plan.end) {
    if (plan.end.status === 'Succeeded') await settle(world, record, plan)
    else await withdrawUnfit(world, record)
    const error = plan.end.status === 'Stopped' ? { error: stopError(deployment) } : {}
    await finishDeployment(world, record, { ...error, ...plan.end })
    return 'again'
  }
  if (isAgain) return 'again'
  await countProgress(world, record, targets)
  return {
    againAfterMilliseconds: observed.survey || isHeldUp ? pollMilliseconds : waitMilliseconds,
  }
}

/** What a blue/green deployment that went well leaves: traffic and group with the new environment, the old one gone if it is to go. */
async function settle(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
  plan: BlueGreenPlan,
): Promise<void> {
  const deployment = record.value
  if (!deployment.blueGreen) return
  await settleOnTaker(world, record.scope, deployment)
  if (plan.terminates) await terminateBlue(world, record.scope, deployment, deployment.blueGreen)
}

/** While agents work: their changes wake us; this is for timeouts. */
const waitMilliseconds = 1000

async function countProgress(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
  targets: readonly DeploymentTarget[],
): Promise<void> {
  const overview = overviewOf(targets)
  if (JSON.stringify(overview) === JSON.stringify(record.value.overview)) return
  await world.context.store.update(record, { ...record.value, overview })
}

interface Observed {
  readonly targets: readonly StoredRecord<DeploymentTarget>[]
  readonly hosts: ObservedHosts
  readonly survey: TrafficSurvey | undefined
}

async function observe(world: DeployWorld, record: StoredRecord<Deployment>): Promise<Observed> {
  const { deploymentId } = record.value
  const { scope } = record
  const targets = await world.context.store.list(deploymentTargets, scope, { owner: deploymentId })
  const movesTraffic = targets.some((target) => {
    const event = target.value.status === 'InProgress' ? currentEvent(target.value) : undefined
    return event !== undefined && isTrafficEvent(event.name)
  })
  return {
    targets,
    hosts: await observeHosts(world, scope),
    survey: movesTraffic ? await surveyTraffic(world, scope, record.value) : undefined,
  }
}

interface TargetWork {
  readonly record: StoredRecord<Deployment>
  readonly target: StoredRecord<DeploymentTarget>
  readonly observed: Observed
}

/** Plans one target, does what it asks for, and writes down what it then is. */
async function stepTarget(world: DeployWorld, work: TargetWork): Promise<DeploymentTarget> {
  const { record, target, observed } = work
  const { store, clock } = world.context
  const instance = observed.hosts.view(target.value)
  const { status } = target.value
  if (instance.state === 'gone' && isLeaver(record.value, target.value) && !hasEnded(status)) {
    // It takes no more traffic, which is all that was wanted of it.
    return (await store.update(target, endTarget(target.value, 'Skipped', clock.now()))).value
  }
  if (status === 'Pending' || status === 'Ready') {
    if (instance.state !== 'gone') return target.value
    const ended = failWaiting(target.value, instance.reason, clock.now())
    return (await store.update(target, ended)).value
  }
  if (status !== 'InProgress') return target.value
  const plan = planTarget(
    target.value,
    await viewHost(world, work, instance),
    {
      limits: world.limits,
      ignoresOldRevision: record.value.ignoreApplicationStopFailures,
      isStopping: record.value.stopRequested !== undefined,
    },
    clock.now(),
  )
  return act(world, work, plan)
}

function isLeaver({ blueGreen }: Deployment, target: DeploymentTarget): boolean {
  return blueGreen !== undefined && target.label === leaverOf(blueGreen)
}

/** What is asked for is done in an order that a crash in between can repeat. */
async function act(
  world: DeployWorld,
  work: TargetWork,
  plan: TargetPlan,
): Promise<DeploymentTarget> {
  const { target, observed } = work
  const { scope } = target
  const { store } = world.context
  if (plan.ask === 'send-command') await sendCommand(world, work, plan.target)
  let next = plan.target
  if (plan.ask === 'leave-traffic' && observed.survey) {
    next = { ...next, blocked: placesToLeave(observed.survey, next) }
  }
  if (next !== target.value) await store.update(target, next)
  if (plan.ask === 'leave-traffic') await leaveTraffic(world, scope, next)
  if (plan.ask === 'join-traffic' && observed.survey) {
    await joinTraffic(world, scope, { survey: observed.survey, target: next })
  }
  return next
}

async function sendCommand(
  world: DeployWorld,
  work: TargetWork,
  next: DeploymentTarget,
): Promise<void> {
  const event = currentEvent(next)
  if (!event) return
  const { store, clock } = world.context
  const { deploymentId, targetId } = next
  const id = commandKey(deploymentId, targetId, event.name)
  if (await store.find(hostCommands, work.target.scope, id)) return
  await store.insert(
    hostCommands,
    { scope: work.target.scope, id, owner: targetId },
    {
      commandId: id,
      deploymentId,
      instanceId: targetId,
      commandName: event.name,
      status: 'Pending',
      requestedAt: clock.now(),
    },
  )
}

async function viewHost(
  world: DeployWorld,
  work: TargetWork,
  instance: HostView['instance'],
): Promise<HostView> {
  const { target, observed } = work
  const { store } = world.context
  const event = currentEvent(target.value)
  const key = commandKey(target.value.deploymentId, target.value.targetId, event?.name ?? '')
  const command = await store.find(hostCommands, target.scope, key)
  const poll = await store.find(hostPolls, target.scope, target.value.targetId)
  return {
    instance,
    command: command?.value,
    traffic:
      observed.survey && event && isTrafficEvent(event.name)
        ? observed.hosts.isOnPremises(target.value)
          ? behindNoBalancer
          : viewTraffic(observed.survey, target.value)
        : undefined,
    heardAt: Math.max(poll?.value.polledAt ?? 0, world.watchedSince),
  }
}
