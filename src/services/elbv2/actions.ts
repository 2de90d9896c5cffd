import type { Action, RedirectActionConfig } from '@aws-sdk/client-elastic-load-balancing-v2'
import { targetGroupArn } from '../../balance/arns.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { RuleAction, WeightedTargetGroup } from '../../protocol/gateway.ts'
import { is } from '../../wire/accept.ts'
import type { AcceptTree } from '../../wire/service.ts'
import { invalidConfiguration, validationError } from './errors.ts'
import { idOf } from './find.ts'

/** Members of an action that are honoured. */
export const acceptedAction: AcceptTree = {
  Type: is('forward', 'fixed-response', 'redirect'),
  TargetGroupArn: true,
  Order: true,
  ForwardConfig: {
    TargetGroups: { TargetGroupArn: true, Weight: true },
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: true },
  },
  FixedResponseConfig: { StatusCode: true, ContentType: true, MessageBody: true },
  RedirectConfig: {
    Protocol: true,
    Host: true,
    Port: true,
    Path: true,
    Query: true,
    StatusCode: true,
  },
}

const messageBytesMax = 1024
const weightMax = 999
/** ELBv2's limit of target groups for one action. */
const groupsMax = 5
const stickySecondsMax = 604_800

/** One action that answers: several are only possible with authentication, which is not here. */
export function readActions(scope: Scope, actions: readonly Action[] | undefined): RuleAction {
  const [action] = actions ?? []
  if (action === undefined) throw validationError('At least one action must be specified')
  if ((actions ?? []).length > 1) {
    throw validationError('Exactly one of forward, redirect and fixed-response is allowed')
  }
  if (action.Type === 'forward') {
    const stickySeconds = readStickySeconds(action)
    return {
      type: 'forward',
      targetGroups: readForward(scope, action),
      ...(stickySeconds === undefined ? {} : { stickySeconds }),
    }
  }
  if (action.Type === 'fixed-response') return readFixedResponse(action)
  if (action.Type === 'redirect') return readRedirect(action)
  throw validationError(`The action type '${action.Type}' is not supported here`)
}

function readForward(scope: Scope, action: Action): readonly WeightedTargetGroup[] {
  const tuples = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action.TargetGroupArn }]
  const groups = tuples.map((tuple) => {
    const targetGroupId = idOf(scope, 'targetgroup', tuple.TargetGroupArn)
    const weight = tuple.Weight ?? 1
    if (weight < 0 || weight > weightMax) {
      throw validationError(`Weight '${weight}' must be between 0 and ${weightMax}`)
    }
    return { targetGroupId, weight }
  })
  const [first] = groups
  if (first === undefined) throw validationError('A target group ARN must be specified')
  if (groups.length > groupsMax) {
    throw validationError(`A forward action can have at most ${groupsMax} target groups`)
  }
  if (new Set(groups.map(({ targetGroupId }) => targetGroupId)).size < groups.length) {
    throw validationError('A target group can be specified only once in an action')
  }
  return groups
}

/** A client keeps the group that it was given, for 1 second to 7 days. */
function readStickySeconds(action: Action): number | undefined {
  const config = action.ForwardConfig?.TargetGroupStickinessConfig
  if (config?.Enabled !== true) return undefined
  const seconds = config.DurationSeconds ?? 0
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > stickySecondsMax) {
    throw validationError(`Stickiness duration must be between 1 and ${stickySecondsMax} seconds`)
  }
  return seconds
}

/** ELBv2's five. */
const contentTypes = [
  'text/html',
  'application/json',
  'application/javascript',
  'text/css',
  'text/plain',
]

function readFixedResponse(action: Action): RuleAction {
  const {
    StatusCode = '',
    ContentType = 'text/plain',
    MessageBody = '',
  } = action.FixedResponseConfig ?? {}
  if (!/^[245][0-9]{2}$/.test(StatusCode)) {
    throw validationError(`The status code '${StatusCode}' must be 2XX, 4XX or 5XX`)
  }
  if (Buffer.byteLength(MessageBody) > messageBytesMax) {
    throw validationError(`The message body is longer than ${messageBytesMax} bytes`)
  }
  if (!contentTypes.includes(ContentType)) {
    throw validationError(
      `The ContentType must be one of: ${contentTypes.map((type) => `'${type}'`).join(', ')}`,
    )
  }
  return {
    type: 'fixed-response',
    statusCode: Number(StatusCode),
    contentType: ContentType,
    body: MessageBody,
  }
}

function readRedirect(action: Action): RuleAction {
  const given: Partial<RedirectActionConfig> = action.RedirectConfig ?? {}
  const redirect = {
    protocol: given.Protocol ?? '#{protocol}',
    host: given.Host ?? '#{host}',
    port: given.Port ?? '#{port}',
    path: given.Path ?? '/#{path}',
    query: given.Query ?? '#{query}',
  }
  for (const text of Object.values(redirect)) {
    if (!/^[\x21-\x7e]*$/.test(text)) throw validationError(`'${text}' is not valid in a redirect`)
  }
  checkRedirect(redirect)
  if (given.StatusCode !== 'HTTP_301' && given.StatusCode !== 'HTTP_302') {
    throw validationError('The status code of a redirect must be HTTP_301 or HTTP_302')
  }
  const { protocol, host, port, path } = redirect
  if (`${protocol} ${host} ${port} ${path}` === '#{protocol} #{host} #{port} /#{path}') {
    throw invalidConfiguration(
      'The specified redirect action is not valid: it must change the protocol, host, port or path, or it would loop',
    )
  }
  return { type: 'redirect', statusCode: given.StatusCode === 'HTTP_301' ? 301 : 302, ...redirect }
}

function checkRedirect(redirect: {
  readonly protocol: string
  readonly port: string
  readonly path: string
  readonly host: string
}): void {
  const { protocol, port, path, host } = redirect
  if (!['HTTP', 'HTTPS', '#{protocol}'].includes(protocol)) {
    throw validationError(`The redirect protocol '${protocol}' must be HTTP, HTTPS or #{protocol}`)
  }
  const isPort = /^[0-9]{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535
  if (port !== '#{port}' && !isPort) {
    throw validationError(`The redirect port '${port}' must be between 1 and 65535, or #{port}`)
  }
  if (!path.startsWith('/') || path.length > 128) {
    throw validationError(`The redirect path '${path}' must start with '/', in 128 characters`)
  }
  if (host === '' || host.length > 128) {
    throw validationError(`The redirect host '${host}' must have 1 to 128 characters`)
  }
}

/** The action as Describe calls show it. */
export function actionView(scope: Scope, action: RuleAction): Action {
  switch (action.type) {
    case 'forward': {
      const tuples = action.targetGroups.map((group) => ({
        TargetGroupArn: targetGroupArn(scope, group.targetGroupId),
        Weight: group.weight,
      }))
      return {
        Type: 'forward',
        Order: 1,
        ...(tuples.length === 1 ? { TargetGroupArn: tuples[0]?.TargetGroupArn } : {}),
        ForwardConfig: {
          TargetGroups: tuples,
          TargetGroupStickinessConfig:
            action.stickySeconds === undefined
              ? { Enabled: false }
              : { Enabled: true, DurationSeconds: action.stickySeconds },
        },
      }
    }
    case 'fixed-response':
      return {
        Type: 'fixed-response',
        Order: 1,
        FixedResponseConfig: {
          StatusCode: String(action.statusCode),
          ContentType: action.contentType,
          MessageBody: action.body,
        },
      }
    case 'redirect':
      return {
        Type: 'redirect',
        Order: 1,
        RedirectConfig: {
          Protocol: action.protocol,
          Host: action.host,
          Port: action.port,
          Path: action.path,
          Query: action.query,
          StatusCode: action.statusCode === 301 ? 'HTTP_301' : 'HTTP_302',
        },
      }
  }
}
