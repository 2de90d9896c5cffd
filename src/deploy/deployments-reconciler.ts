import { isFinished, activeDeployments, deployments, type Deployment } from './deployment.ts'
import { currentEvent, hasEnded, type DeploymentTarget } from './deployment-target.ts'
import { heardAt, type HeardHosts } from './heard-hosts.ts'
import { hostCommands, commandKey, type HostCommand } from './host-command.ts'
import { leaverOf } from './blue-green.ts'
import type { DeployWorld } from './deploy-world.ts'
import { announce, finishDeployment } from './finish-deployment.ts'
import { beginDeployment, markQueued } from './begin-deployment.ts'
import type { Attention } from './attention.ts'
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
  limitsOfFleet,
  planTarget,
  type HostView,
  type TargetPlan,
} from './plan-target.ts'
import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import { mirrorKey } from '../store/mirror.ts'
import { RecordExists, StaleRevision, type StoredRecord } from '../store/records.ts'

const deploymentsReconcilerName = 'deploy/deployments'

/** Carries every unfinished deployment on: observe → plan (pure) → act → record, until nothing more can be done now. */
export function deploymentsReconciler(world: DeployWorld): Reconciler {
  const { store } = world.context
  return {
    name: deploymentsReconcilerName,
    periodMilliseconds: 2000,
    // What deployments ask of the store at the same time travels together.
    concurrencyMax: 32,
    keys: async () => {
      const active = (await store.listAll(activeDeployments)).map((record) => ({
        scope: record.scope,
        id: record.value.deploymentId,
      }))
      world.watched.keepOnly(active)
      return active.map(({ scope, id }) => keyOf(scope, id))
    },
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
    if (!record || isFinished(record.value.status)) {
      world.watched.forget(scope, id)
      return undefined
    }
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
  if (record.value.ending) {
    await finishDeployment(world, record, record.value.ending)
    return 'again'
  }
  if (await stopOnAlarm(world, record)) return 'again'
  const deployment = record.value
  const watched = world.watched.of(record.scope, deployment.deploymentId)
  const observed = await observe(world, record)
  const targets = await stepAll(world, { record, observed }).catch((thrown: unknown) => {
    watched.targets.doubt()
    throw thrown
  })
  let isAgain = targets.some((target, index) => target !== observed.targets[index]?.value)
  const isStopping = deployment.stopRequested !== undefined
  const rollout = { ...deployment, isStopping }
  const now = world.context.clock.now()
  const plan: BlueGreenPlan = deployment.blueGreen
    ? planBlueGreen(deployment.blueGreen, rollout, targets, now)
    : planDeployment(rollout, targets, now)
  const at = { deploymentId: deployment.deploymentId, targetIds: plan.start }
  const begun = await startInTurn(world, record.scope, at)
  if (begun > 0) isAgain = true
  const isHeldUp = begun < plan.start.length
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
  if (!isAgain || now - watched.countedAt >= waitMilliseconds) {
    watched.countedAt = now
    await countProgress(world, record, targets)
  }
  const pace = Math.min(Math.floor(targets.length / hostsPerMillisecond), paceMilliseconds)
  if (pace >= paceLeastMilliseconds) await world.context.clock.sleep(pace)
  if (isAgain) return 'again'
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

/** A round over a large fleet costs; it waits for the work of some more hosts: 50 ms for 1,000, nothing for less than 200. */
const hostsPerMillisecond = 20
const paceLeastMilliseconds = 10
const paceMilliseconds = 300

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
  readonly commands: ReadonlyMap<string, StoredRecord<HostCommand>>
  readonly hosts: ObservedHosts
  readonly heard: ReadonlyMap<string, StoredRecord<HeardHosts>>
  readonly attention: Attention
  readonly survey: TrafficSurvey | undefined
}

async function observe(world: DeployWorld, record: StoredRecord<Deployment>): Promise<Observed> {
  const { scope } = record
  const watched = world.watched.of(scope, record.value.deploymentId)
  watched.attention.look(world.context.clock.now(), world.turnedAway.at)
  const targets = [...(await watched.targets.read()).values()]
  const movesTraffic = targets.some((target) => {
    const event = target.value.status === 'InProgress' ? currentEvent(target.value) : undefined
    return event !== undefined && isTrafficEvent(event.name)
  })
  return {
    targets,
    commands: await watched.commands.read(),
    hosts: await observeHosts(world, scope),
    heard: await world.watched.heard.read(),
    attention: watched.attention,
    survey: movesTraffic ? await surveyTraffic(world, scope, record.value) : undefined,
  }
}

/** Targets of which something is written at a time: what they write travels together. */
const stepsAtOnce = 500

async function stepAll(
  world: DeployWorld,
  of: { readonly record: StoredRecord<Deployment>; readonly observed: Observed },
): Promise<readonly DeploymentTarget[]> {
  const { targets } = of.observed
  const stepped: DeploymentTarget[] = []
  for (let first = 0; first < targets.length; first += stepsAtOnce) {
    const some = targets.slice(first, first + stepsAtOnce)
    stepped.push(...(await Promise.all(some.map((target) => stepTarget(world, { ...of, target })))))
  }
  return stepped
}

interface TargetWork {
  readonly record: StoredRecord<Deployment>
  readonly target: StoredRecord<DeploymentTarget>
  readonly observed: Observed
}

/** Plans one target, does what it asks for, and writes down what it then is. */
async function stepTarget(world: DeployWorld, work: TargetWork): Promise<DeploymentTarget> {
  const { record, target, observed } = work
  const now = world.context.clock.now()
  const instance = observed.hosts.view(target.value)
  const { status } = target.value
  if (instance.state === 'gone' && isLeaver(record.value, target.value) && !hasEnded(status)) {
    // It takes no more traffic, which is all that was wanted of it.
    return write(world, target, endTarget(target.value, 'Skipped', now))
  }
  if (status === 'Pending' || status === 'Ready') {
    if (instance.state !== 'gone') return target.value
    return write(world, target, failWaiting(target.value, instance.reason, now))
  }
  if (status !== 'InProgress') return target.value
  const rules = {
    limits: limitsOfFleet(world.limits, observed.targets.length),
    ignoresOldRevision: record.value.ignoreApplicationStopFailures,
    isStopping: record.value.stopRequested !== undefined,
  }
  let plan: TargetPlan = { target: target.value }
  for (;;) {
    // An event that ended and the next that is asked for are one write.
    const next = planTarget(plan.target, viewHost(world, work, plan.target), rules, now)
    const isDone = next.ask !== undefined || next.target === plan.target
    plan = next
    if (isDone) return act(world, work, plan)
  }
}

async function write(
  world: DeployWorld,
  target: StoredRecord<DeploymentTarget>,
  value: DeploymentTarget,
): Promise<DeploymentTarget> {
  const written = await world.context.store.update(target, value)
  world.watched.of(target.scope, value.deploymentId).targets.note(written)
  return value
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
  if (plan.ask === 'send-command') await sendCommand(world, work, plan.target)
  let next = plan.target
  if (plan.ask === 'leave-traffic' && observed.survey) {
    next = { ...next, blocked: placesToLeave(observed.survey, next) }
  }
  if (next !== target.value) await write(world, target, next)
  await dropTaken(world, work, next)
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
  if (!event || commandOf(work, next)) return
  const { store, clock } = world.context
  const { deploymentId, targetId } = next
  const id = commandKey(deploymentId, targetId, event.name)
  const command: HostCommand = {
    commandId: id,
    deploymentId,
    instanceId: targetId,
    commandName: event.name,
    status: 'Pending',
    requestedAt: clock.now(),
  }
  try {
    await store.insert(hostCommands, { scope: work.target.scope, id, owner: targetId }, command)
  } catch (thrown) {
    // Sent before a crash.
    if (!(thrown instanceof RecordExists)) throw thrown
  }
}

/** A command whose result the target has goes: what is left of it is in the target's event. */
async function dropTaken(
  world: DeployWorld,
  work: TargetWork,
  next: DeploymentTarget,
): Promise<void> {
  const command = commandOf(work, work.target.value)
  if (!command || currentEvent(next)?.name === command.value.commandName) return
  try {
    await world.context.store.remove(command)
  } catch (thrown) {
    // An agent said something more; the end of the deployment removes it.
    if (!(thrown instanceof StaleRevision)) throw thrown
  }
}

/** Of the target's current event. */
function commandOf(
  { observed, target: { scope } }: TargetWork,
  target: DeploymentTarget,
): StoredRecord<HostCommand> | undefined {
  const name = currentEvent(target)?.name
  if (name === undefined) return undefined
  const id = commandKey(target.deploymentId, target.targetId, name)
  return observed.commands.get(mirrorKey({ scope, id }))
}

function viewHost(world: DeployWorld, work: TargetWork, target: DeploymentTarget): HostView {
  const { survey, hosts, heard, attention } = work.observed
  const { scope } = work.target
  const heardHere = world.hearing.lastHeard(scope, target.targetId)
  const event = currentEvent(target)
  const movesTraffic = event !== undefined && isTrafficEvent(event.name)
  return {
    instance: hosts.view(target),
    command: commandOf(work, target)?.value,
    traffic:
      survey && movesTraffic
        ? hosts.isOnPremises(target)
          ? behindNoBalancer
          : viewTraffic(survey, target)
        : undefined,
    heardAt: Math.max(heardAt(heard, scope, target.targetId), heardHere, world.watchedSince),
    lostSince: (since) => attention.lostSince(since),
  }
}
