import type {
  GatewayConfiguration,
  HttpBehaviour,
  ListenerSpec,
  RuleAction,
  RuleCondition,
  TargetGroupSpec,
  TargetRouting,
} from '../../protocol/gateway.ts'
import { plainRedirect } from './redirect.ts'

/**
 * Why a listener stays with the built-in plane; undefined when HAProxy can do all that is asked of it. A setting that is not
 * named here is one that this driver does not know, and stays behind too: nothing is accepted and then left undone.
 */
export function whyBuiltIn(
  listener: ListenerSpec,
  configuration: GatewayConfiguration,
): string | undefined {
  const { protocol, tls } = listener
  if (unknownKey(listener, listenerKeys) !== undefined) return 'a setting of its listener'
  if (protocol === 'https' && (tls === undefined || tls.certificates.length === 0)) {
    return 'no certificate'
  }
  if (protocol !== 'http' && protocol !== 'https' && protocol !== 'tcp') return 'its protocol'
  return (
    whyBehaviour(listener.http) ??
    firstOf(listener.rules, (rule) => firstOf(rule.conditions, whyCondition)) ??
    firstOf(listener.rules, (rule) => whyAction(rule.action)) ??
    firstOf(groupsOf(listener, configuration), whyGroup)
  )
}

/** The groups that a listener sends to, each once. */
export function groupsOf(
  listener: ListenerSpec,
  configuration: GatewayConfiguration,
): readonly TargetGroupSpec[] {
  const ids = new Set(
    listener.rules.flatMap(({ action }) =>
      action.type === 'forward' ? action.targetGroups.map((group) => group.targetGroupId) : [],
    ),
  )
  return configuration.targetGroups.filter((group) => ids.has(group.id))
}

const listenerKeys: ReadonlySet<string> = new Set<keyof ListenerSpec>([
  ...(['id', 'balancerId', 'address', 'port', 'protocol', 'tls'] as const),
  ...(['allowedCidrs', 'rules', 'idleTimeoutSeconds', 'http', 'speaksHttp2'] as const),
])
const behaviourKeys: ReadonlySet<string> = new Set<keyof HttpBehaviour>([
  ...(['forwardedFor', 'hasClientPort', 'dropsInvalidHeaders', 'clientKeepAliveSeconds'] as const),
  ...(['namesPort', 'tellsTls'] as const),
])
const groupKeys: ReadonlySet<string> = new Set<keyof TargetGroupSpec>([
  ...(['id', 'healthCheck', 'targets', 'routing'] as const),
])
const routingKeys: ReadonlySet<string> = new Set<keyof TargetRouting>([
  ...(['algorithm', 'slowStartSeconds', 'stickiness'] as const),
])

function unknownKey(value: object | undefined, known: ReadonlySet<string>): string | undefined {
  return Object.keys(value ?? {}).find((key) => !known.has(key))
}

function whyBehaviour(http: HttpBehaviour | undefined): string | undefined {
  if (http === undefined) return undefined
  if (unknownKey(http, behaviourKeys) !== undefined) return 'a setting of its heads'
  return http.dropsInvalidHeaders ? 'header fields with odd names are to be dropped' : undefined
}

function whyCondition(condition: RuleCondition): string | undefined {
  if (condition.field !== 'header') return undefined
  return /^[A-Za-z0-9-]+$/.test(condition.name) ? undefined : 'the name of a header condition'
}

function whyAction(action: RuleAction): string | undefined {
  if (action.type === 'forward') {
    return action.stickySeconds === undefined ? undefined : 'clients are bound to target groups'
  }
  if (action.type === 'redirect') {
    return plainRedirect(action, 'http') === undefined ? 'the form of a redirect' : undefined
  }
  // What stands in quotes in HAProxy's language.
  return /^[\w/.+;= -]*$/.test(action.contentType) ? undefined : 'the content type of an answer'
}

function whyGroup({ routing, ...group }: TargetGroupSpec): string | undefined {
  if (unknownKey(group, groupKeys) !== undefined) return 'a setting of its target group'
  if (routing === undefined) return undefined
  if (unknownKey(routing, routingKeys) !== undefined) return 'a setting of its routing'
  if (routing.stickiness.isEnabled) return 'clients are bound to targets'
  if (routing.slowStartSeconds > 0) return 'targets start slowly'
  if (routing.algorithm === 'weighted_random') return 'targets are drawn by lot'
  return undefined
}

function firstOf<T>(items: readonly T[], why: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const reason = why(item)
    if (reason !== undefined) return reason
  }
  return undefined
}
