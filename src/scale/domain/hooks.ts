/** Which way an instance goes when a lifecycle hook holds it. */
export type HookTransition = 'launching' | 'terminating'

export type HookResult = 'CONTINUE' | 'ABANDON'

/** A lifecycle hook of a group. */
export interface LifecycleHook {
  readonly name: string
  readonly transition: HookTransition
  readonly heartbeatSeconds: number
  readonly defaultResult: HookResult
  /** Told to whoever hears of the action. */
  readonly metadata?: string | undefined
  /** The ARN of a topic or queue that is told of each hold. */
  readonly target?: string | undefined
  readonly roleArn?: string | undefined
}

/** One hook's hold on one instance. Times in milliseconds since the epoch. */
export interface HookWait {
  readonly hookName: string
  /** The LifecycleActionToken. */
  readonly token: string
  readonly heartbeatSeconds: number
  readonly deadline: number
  /** No heartbeat leads beyond it. */
  readonly lastDeadline: number
  readonly defaultResult: HookResult
  readonly outcome?: HookResult | undefined
  /** Nobody gave the outcome in time. */
  readonly isExpired?: boolean
  /** The hook's target has heard of it. */
  readonly isTold?: boolean
}

/** All holds of one transition, as they stand on the member. */
export interface MemberHooks {
  readonly transition: HookTransition
  readonly waits: readonly HookWait[]
}

/** An instance that passes a transition without being held: back from standby, or attached. */
export const unheld: MemberHooks = { transition: 'launching', waits: [] }

/** AWS's bound on a hold: 48 hours, or a hundred times the heartbeat, whichever is less. */
const holdMillisecondsMax = 48 * 3_600_000

export function beginWaits(
  hooks: readonly LifecycleHook[],
  transition: HookTransition,
  now: number,
  newToken: () => string,
): MemberHooks {
  const waits = hooks
    .filter((hook) => hook.transition === transition)
    .map(({ name, heartbeatSeconds, defaultResult }) => ({
      hookName: name,
      token: newToken(),
      heartbeatSeconds,
      deadline: now + heartbeatSeconds * 1000,
      lastDeadline: now + Math.min(heartbeatSeconds * 100_000, holdMillisecondsMax),
      defaultResult,
    }))
  return { transition, waits }
}

/** `wait` while a hook holds; one ABANDON ends the holds of all. */
export function hooksPhase({ waits }: MemberHooks): 'wait' | 'continued' | 'abandoned' {
  if (waits.some((wait) => wait.outcome === 'ABANDON')) return 'abandoned'
  return waits.every((wait) => wait.outcome === 'CONTINUE') ? 'continued' : 'wait'
}

/** Why an instance never came into service, in AWS's words; `launchToken` for who held it without a hook. */
export function abandonment(hooks: MemberHooks | undefined, launchToken: string): string {
  const wait = hooks?.waits.find((each) => each.outcome === 'ABANDON')
  const how = wait?.isExpired
    ? 'Heartbeat Timeout'
    : 'Lifecycle Action Completed with ABANDON Result'
  return `Instance failed to complete user's Lifecycle Action: Lifecycle Action with token ${wait?.token ?? launchToken} was abandoned: ${how}`
}

/** When the next hold ends by itself; undefined when none is open. */
export function nextDeadline(hooks: MemberHooks | undefined): number | undefined {
  if (!hooks || hooksPhase(hooks) !== 'wait') return undefined
  const open = hooks.waits.filter((wait) => wait.outcome === undefined)
  return Math.min(...open.map((wait) => wait.deadline))
}

/** What the hold is known by: its hook, or its token too when the caller has it. */
export interface HookMatch {
  readonly hookName: string
  readonly token?: string | undefined
}

/** With its outcome; undefined when no such hold is open. */
export function concludeWait(
  hooks: MemberHooks | undefined,
  match: HookMatch,
  outcome: HookResult,
): MemberHooks | undefined {
  return changeWait(hooks, match, (wait) => ({ ...wait, outcome }))
}

/** Held for another heartbeat from now; undefined when no such hold is open. */
export function extendWait(
  hooks: MemberHooks | undefined,
  match: HookMatch,
  now: number,
): MemberHooks | undefined {
  return changeWait(hooks, match, (wait) => ({
    ...wait,
    deadline: Math.min(now + wait.heartbeatSeconds * 1000, wait.lastDeadline),
  }))
}

function changeWait(
  hooks: MemberHooks | undefined,
  match: HookMatch,
  change: (wait: HookWait) => HookWait,
): MemberHooks | undefined {
  if (!hooks || hooksPhase(hooks) !== 'wait') return undefined
  const isMeant = (wait: HookWait) =>
    wait.outcome === undefined &&
    wait.hookName === match.hookName &&
    (match.token === undefined || match.token === wait.token)
  if (!hooks.waits.some(isMeant)) return undefined
  return { ...hooks, waits: hooks.waits.map((wait) => (isMeant(wait) ? change(wait) : wait)) }
}

/** Holds whose time is over take their default result. */
export function expireWaits(hooks: MemberHooks, now: number): MemberHooks {
  return {
    ...hooks,
    waits: hooks.waits.map((wait) =>
      wait.outcome === undefined && wait.deadline <= now
        ? { ...wait, outcome: wait.defaultResult, isExpired: true }
        : wait,
    ),
  }
}
