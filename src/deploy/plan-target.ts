import type { HostCommand } from './host-command.ts'
import {
  currentEvent,
  type DeploymentTarget,
  type Diagnostics,
  type LifecycleEvent,
} from './deployment-target.ts'
import { isOfOldRevision, isTrafficEvent } from './domain/lifecycle-events.ts'

/** How long each thing may take, in milliseconds. AWS's values: 5 minutes, 1 hour, (none), 1 hour. */
export interface DeployLimits {
  /** From asking for an event to its start on the host. */
  readonly startMilliseconds: number
  /** From the start of an event to its end. */
  readonly eventMilliseconds: number
  /** An agent that did not ask for work for so long is taken for dead: the event fails before `startMilliseconds`. */
  readonly silentMilliseconds: number
  /** Until a host has left its target groups, and until it is healthy in them again. */
  readonly trafficMilliseconds: number
  /** Hosts whose records go with their deployment's in one transaction; of more, they go before it, step by step. */
  readonly hostsOfTransaction: number
}

export const defaultLimits: DeployLimits = {
  startMilliseconds: 5 * 60_000,
  eventMilliseconds: 60 * 60_000,
  silentMilliseconds: 60_000,
  trafficMilliseconds: 60 * 60_000,
  hostsOfTransaction: 500,
}

/** More patience with agents for so many hosts: their own machines and network, or the one that simulates them, are busy together. */
const patience = { hosts: 100, milliseconds: 1000 } as const

/** For a deployment of so many hosts: below a hundred as they are, and never longer than an event may take to start. */
export function limitsOfFleet(limits: DeployLimits, hosts: number): DeployLimits {
  const more = Math.floor(hosts / patience.hosts) * patience.milliseconds
  if (more === 0) return limits
  const most = Math.max(limits.silentMilliseconds, limits.startMilliseconds)
  return { ...limits, silentMilliseconds: Math.min(limits.silentMilliseconds + more, most) }
}

/** What is true of a host's places in its target groups. */
export interface TrafficView {
  /** In none of them, draining included. */
  readonly isOut: boolean
  /** In one of them and not draining. */
  readonly isListed: boolean
  /** In all of them, and healthy (or the group serves nobody). */
  readonly isServing: boolean
  /** Missing from one that it is to be in. */
  readonly isMissing: boolean
  /** What it waits for, in words. */
  readonly reason: string
  /** A target group that does not exist. */
  readonly unknownGroup?: string
}

/** What was seen of one target's host. */
export interface HostView {
  readonly instance:
    | { readonly state: 'running' | 'unknown' }
    | { readonly state: 'gone'; readonly reason: string }
  /** Of the target's current event, when it was sent. */
  readonly command: HostCommand | undefined
  /** Of a target whose current event moves traffic. */
  readonly traffic: TrafficView | undefined
  /** When its agent last asked for work, as far as that is known: never before this server watched. */
  readonly heardAt: number
  /** Of the time since then, what this server was too busy to hear anybody in. */
  lostSince(since: number): number
}

export interface TargetRules {
  readonly limits: DeployLimits
  readonly ignoresOldRevision: boolean
  readonly isStopping: boolean
}

/** What a target is to do next; `target` is it with what was learned. */
export interface TargetPlan {
  readonly target: DeploymentTarget
  readonly ask?: 'send-command' | 'leave-traffic' | 'join-traffic'
}

/** One target's next step (fact sheet §1.3, §4). Pure: called until it neither changes the target nor asks for anything. */
export function planTarget(
  target: DeploymentTarget,
  host: HostView,
  rules: TargetRules,
  now: number,
): TargetPlan {
  const event = currentEvent(target)
  if (target.status !== 'InProgress' || !event) return { target }
  const isTaken = event.requestedAt !== undefined && host.command?.status !== 'Pending'
  if (rules.isStopping && !isTaken) return { target: endTarget(target, 'Failed', now) }
  if (host.instance.state === 'gone') {
    const message = `${target.targetId} is no longer running: ${host.instance.reason}`
    return { target: failEvent(target, event, unknownError(message), now) }
  }
  return isTrafficEvent(event.name)
    ? planTraffic(target, { ...event, name: event.name }, host, { ...rules, now })
    : planCommand(target, event, host, { ...rules, now })
}

/** A host that went before its turn came. */
export function failWaiting(
  target: DeploymentTarget,
  reason: string,
  now: number,
): DeploymentTarget {
  const event = currentEvent(target)
  const message = `${target.targetId} is no longer running: ${reason}`
  return event
    ? failEvent(target, event, unknownError(message), now)
    : endTarget(target, 'Failed', now)
}

interface RulesNow extends TargetRules {
  readonly now: number
}

function planCommand(
  target: DeploymentTarget,
  event: LifecycleEvent,
  host: HostView,
  rules: RulesNow,
): TargetPlan {
  const { command } = host
  const { now } = rules
  if (event.requestedAt === undefined || !command) {
    const asked = { ...event, requestedAt: event.requestedAt ?? now }
    return { target: withEvent(target, asked, now), ask: 'send-command' }
  }
  switch (command.status) {
    case 'Succeeded':
      return { target: endEvent(target, endedBy(event, command, 'Succeeded', now), now) }
    case 'Failed':
      return { target: takeFailure(target, endedBy(event, command, 'Failed', now), rules) }
    case 'InProgress':
      return planRunning(target, event, command, rules)
    case 'Pending':
      return planUntaken(target, event, host, rules)
  }
}

function planRunning(
  target: DeploymentTarget,
  event: LifecycleEvent,
  command: HostCommand,
  rules: RulesNow,
): TargetPlan {
  const startTime = event.startTime ?? command.acknowledgedAt ?? rules.now
  const running = { ...event, status: 'InProgress' as const, startTime }
  if (rules.now - startTime >= rules.limits.eventMilliseconds) {
    const message = `${event.name} did not end within ${seconds(rules.limits.eventMilliseconds)}`
    return { target: takeFailure(target, failed(running, timedOut(message), rules.now), rules) }
  }
  return event.status === 'InProgress'
    ? { target }
    : { target: withEvent(target, running, rules.now) }
}

function planUntaken(
  target: DeploymentTarget,
  event: LifecycleEvent,
  host: HostView,
  rules: RulesNow,
): TargetPlan {
  const { limits, now } = rules
  const asked = event.requestedAt ?? now
  const heardAt = Math.max(host.heardAt, asked)
  const silence = now - heardAt - host.lostSince(heardAt)
  if (silence >= limits.silentMilliseconds) {
    const message =
      `the agent of ${target.targetId} has not asked for work for ` +
      `${seconds(now - host.heardAt)}: is it running, and does it reach this endpoint?`
    return { target: failEvent(target, event, unknownError(message), now) }
  }
  if (now - asked - host.lostSince(asked) >= limits.startMilliseconds) {
    const message =
      `${event.name} did not start within ${seconds(limits.startMilliseconds)}: ` +
      `the agent of ${target.targetId} asks for work, but does not take this command`
    return { target: failEvent(target, event, unknownError(message), now) }
  }
  return { target }
}

function planTraffic(
  target: DeploymentTarget,
  event: LifecycleEvent & { readonly name: 'BlockTraffic' | 'AllowTraffic' },
  host: HostView,
  rules: RulesNow,
): TargetPlan {
  const { traffic } = host
  const { now } = rules
  if (!traffic) return { target }
  const startTime = event.startTime ?? now
  const running = {
    ...event,
    status: 'InProgress' as const,
    startTime,
    requestedAt: event.requestedAt ?? now,
  }
  if (traffic.unknownGroup !== undefined) {
    const message = `the target group ${traffic.unknownGroup} does not exist`
    return { target: failEvent(target, running, unknownError(message), now) }
  }
  const leaves = event.name === 'BlockTraffic'
  if (event.startTime !== undefined && (leaves ? traffic.isOut : traffic.isServing)) {
    const ended = { ...running, status: 'Succeeded' as const, endTime: now, diagnostics: success }
    return { target: endEvent(target, ended, now) }
  }
  if (now - startTime >= rules.limits.trafficMilliseconds) {
    const what = leaves ? 'leave its target groups' : 'become healthy in its target groups'
    const message =
      `${target.targetId} did not ${what} within ` +
      `${seconds(rules.limits.trafficMilliseconds)}: ${traffic.reason}`
    return { target: failEvent(target, running, timedOut(message), now) }
  }
  const started = event.startTime === undefined ? withEvent(target, running, now) : target
  const asks = leaves ? traffic.isListed : traffic.isMissing
  if (event.startTime !== undefined && !asks) return { target }
  return { target: started, ask: leaves ? 'leave-traffic' : 'join-traffic' }
}

function takeFailure(
  target: DeploymentTarget,
  event: LifecycleEvent,
  rules: RulesNow,
): DeploymentTarget {
  if (rules.ignoresOldRevision && isOfOldRevision(event.name)) {
    return endEvent(target, event, rules.now)
  }
  return endTarget(withEvent(target, event, rules.now), 'Failed', rules.now)
}

/** A failure that no setting excuses: the host or the balancer, not a script. */
function failEvent(
  target: DeploymentTarget,
  event: LifecycleEvent,
  diagnostics: Diagnostics,
  now: number,
): DeploymentTarget {
  return endTarget(withEvent(target, failed(event, diagnostics, now), now), 'Failed', now)
}

function failed(event: LifecycleEvent, diagnostics: Diagnostics, now: number): LifecycleEvent {
  return { ...event, status: 'Failed', endTime: now, diagnostics }
}

function endedBy(
  event: LifecycleEvent,
  command: HostCommand,
  status: 'Succeeded' | 'Failed',
  now: number,
): LifecycleEvent {
  const endTime = command.completedAt ?? now
  const startTime = event.startTime ?? command.acknowledgedAt ?? endTime
  const diagnostics = command.diagnostics ?? success
  return { ...event, status, startTime, endTime, diagnostics }
}

/** The event has ended; so has the target, after its last event. */
function endEvent(target: DeploymentTarget, event: LifecycleEvent, now: number): DeploymentTarget {
  const next = withEvent(target, event, now)
  const following = currentEvent(next)
  if (!following) return { ...next, status: 'Succeeded' }
  // A replacement host that is installed takes no traffic before its environment may.
  const isReady = target.label === 'Green' && following.name === 'BeforeAllowTraffic'
  return isReady ? { ...next, status: 'Ready' } : next
}

/** Ends a target before its last event: what did not run is skipped. */
export function endTarget(
  target: DeploymentTarget,
  status: 'Failed' | 'Skipped',
  now: number,
): DeploymentTarget {
  const events = target.events.map((event) =>
    event.status === 'Pending' || event.status === 'InProgress'
      ? { name: event.name, status: 'Skipped' as const, endTime: now }
      : event,
  )
  return { ...target, status, events, lastUpdatedAt: now }
}

function withEvent(target: DeploymentTarget, event: LifecycleEvent, now: number): DeploymentTarget {
  const events = target.events.map((other) => (other.name === event.name ? event : other))
  return { ...target, events, lastUpdatedAt: now }
}

const success: Diagnostics = {
  errorCode: 'Success',
  scriptName: '',
  message: 'Succeeded',
  logTail: '',
}

function unknownError(message: string): Diagnostics {
  return { errorCode: 'UnknownError', scriptName: '', message, logTail: '' }
}

function timedOut(message: string): Diagnostics {
  return { errorCode: 'ScriptTimedOut', scriptName: '', message, logTail: '' }
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`
}
