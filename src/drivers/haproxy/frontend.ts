import type {
  HttpBehaviour,
  ListenerRule,
  ListenerSpec,
  TlsVersion,
} from '../../protocol/gateway.ts'
import { errorPage } from '../node-proxy/index.ts'
import { conditionLines } from './conditions.ts'
import { backendName, markOf } from './names.ts'
import { plainRedirect } from './redirect.ts'

const behaviourDefault: HttpBehaviour = {
  forwardedFor: 'append',
  hasClientPort: false,
  dropsInvalidHeaders: false,
  clientKeepAliveSeconds: 3600,
}

/** A head that trickles in for longer is not waited for. */
const headMillisecondsMax = 60_000

/** The lines of one listener: where it listens, what it refuses, what targets learn, and which backend is next. */
export function frontendLines(
  listener: ListenerSpec,
  { folder, doors }: { folder: string; doors: string },
): readonly string[] {
  const { id, address, port, protocol, idleTimeoutSeconds } = listener
  const mark = markOf(id)
  const idle = Math.round(idleTimeoutSeconds * 1000)
  const isTls = protocol === 'https'
  const tls = isTls ? ` ${tlsWords(listener, `${folder}/${mark}.list`)}` : ''
  const bind = [
    `frontend f_${mark}`,
    `  bind ${address}:${port} backlog 4096${tls}`,
    `  bind unix@${doors}/${mark}.sock accept-proxy mode 600 backlog 4096${tls}`,
    `  timeout client ${idle}ms`,
  ]
  if (protocol === 'tcp') return [...bind, '  mode tcp', ...defaultRoute(listener, mark)]
  return [
    ...bind,
    '  mode http',
    `  timeout http-request ${Math.min(idle, headMillisecondsMax)}ms`,
    `  timeout http-keep-alive ${idle}ms`,
    ...ageLines(listener.http ?? behaviourDefault),
    ...refusalLines,
    ...wayLines(listener),
    ...ruleLines(listener, mark, folder),
    ...headerLines(listener),
    ...routeLines(listener, mark),
  ]
}

function tlsWords({ tls, speaksHttp2 }: ListenerSpec, list: string): string {
  const { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3', ciphers, isClientOrdered } = tls ?? {}
  const order = isClientOrdered === true ? ' prefer-client-ciphers' : ''
  const versions = `ssl-min-ver ${versionWord(minVersion)} ssl-max-ver ${versionWord(maxVersion)}`
  const alpn = speaksHttp2 === true ? 'h2,http/1.1' : 'http/1.1'
  return `ssl crt-list ${list} ${versions}${cipherWords(ciphers, minVersion)}${order} alpn ${alpn}`
}

function versionWord(version: TlsVersion): string {
  return version === 'TLSv1' ? 'TLSv1.0' : version
}

/** Suites of TLS 1.3 have a word of their own; versions that OpenSSL takes for too weak need its leave. */
function cipherWords(ciphers: readonly string[] | undefined, minVersion: TlsVersion): string {
  if (ciphers === undefined) return ''
  const isOld = minVersion === 'TLSv1' || minVersion === 'TLSv1.1'
  const suites = ciphers.filter((name) => name.startsWith('TLS_'))
  const others = ciphers.filter((name) => !name.startsWith('TLS_'))
  const list = isOld ? [...others, '@SECLEVEL=0'] : others
  return (
    (list.length === 0 ? '' : ` ciphers ${list.join(':')}`) +
    (suites.length === 0 ? '' : ` ciphersuites ${suites.join(':')}`)
  )
}

/** HAProxy has no clock of its own for a connection's age. */
function ageLines({ clientKeepAliveSeconds }: HttpBehaviour): readonly string[] {
  return [
    '  tcp-request connection set-var(sess.begun) date()',
    `  http-after-response set-header connection close if { date(),sub(sess.begun) ge ${clientKeepAliveSeconds} }`,
  ]
}

/** What HAProxy would pass on and ALB does not. */
const refusalLines = [
  '  http-request deny deny_status 405 if METH_TRACE',
  '  http-request deny deny_status 400 if METH_CONNECT',
  '  http-request deny deny_status 400 if !{ path -m beg / } !METH_OPTIONS',
  '  http-request deny deny_status 400 if HTTP_1.0 { req.hdr(transfer-encoding) -m found }',
  '  http-request deny deny_status 400 if HTTP_1.1 !{ req.hdr_cnt(host) eq 1 }',
  "  http-request deny deny_status 400 if { req.hdr(host) -m reg '[^A-Za-z0-9._~%:\\[\\]-]' }",
  // Whoever reads chunks otherwise than HAProxy does finds no second request behind them.
  '  http-request set-var(txn.last) bool(true) if { req.hdr(transfer-encoding) -m found }',
  '  http-after-response set-header connection close if { var(txn.last) -m found }',
  '  acl expects req.fhdr(expect) -m found',
  '  http-request deny deny_status 400 if expects !{ req.fhdr(expect) -m str -i 100-continue }',
]

/** Of Application Load Balancers: who came by more than 30 places is answered without a body. */
function wayLines({ balancerId }: ListenerSpec): readonly string[] {
  if (balancerId.startsWith('classic/')) return []
  const test = '{ req.hdr_cnt(x-forwarded-for) gt 30 }'
  return [`  http-request return status 463 ${ownLines} if ${test}`]
}

/** What answers of the balancer itself begin with. */
const ownLines = 'hdr Server awselb/2.0 hdr Date "%[date,http_date]"'

/** Which rule it is, when there is a choice; the first one that holds is remembered. */
function ruleLines(listener: ListenerSpec, mark: string, folder: string): readonly string[] {
  const { rules } = listener
  const lines: string[] = []
  rules.forEach((rule, index) => {
    const names = rule.conditions.map((condition, at) => {
      const name = `r${index}c${at}`
      lines.push(...conditionLines(name, condition))
      return name
    })
    if (rules.length > 1) {
      const unless = index === 0 ? '' : '!{ var(txn.rule) -m found }'
      const holds = [unless, ...names].filter(Boolean).join(' ')
      const test = holds === '' ? '' : ` if ${holds}`
      lines.push(`  http-request set-var(txn.rule) int(${index})${test}`)
    }
  })
  rules.forEach((rule, index) =>
    lines.push(...answerLines(listener, rule, { mark, index, folder })),
  )
  return lines
}

/** `if` a request is for this rule; nothing when there is only one. */
function onlyIf({ rules }: ListenerSpec, index: number): string {
  return rules.length > 1 ? `{ var(txn.rule) -m int ${index} }` : ''
}

function answerLines(
  listener: ListenerSpec,
  { action }: ListenerRule,
  at: { mark: string; index: number; folder: string },
): readonly string[] {
  const holds = onlyIf(listener, at.index)
  const test = holds === '' ? '' : ` if ${holds}`
  const own = ownLines
  if (action.type === 'redirect') {
    const kind = listener.protocol === 'https' ? 'https' : 'http'
    const location = plainRedirect(action, kind, listener.port) ?? ''
    const status = action.statusCode
    const page = errorPage(status).body.replaceAll('\r\n', '\\r\\n')
    const content = `content-type text/html string "${page}"`
    return [
      `  http-request return status ${status} ${content} ${own} hdr Location "${location}"${test}`,
    ]
  }
  if (action.type === 'fixed-response') {
    const content =
      action.body === ''
        ? ''
        : ` content-type "${action.contentType}" file ${at.folder}/${answerFile(at.mark, at.index)}`
    return [`  http-request return status ${action.statusCode}${content} ${own}${test}`]
  }
  const sum = action.targetGroups.reduce((total, { weight }) => total + weight, 0)
  const isServed = action.targetGroups.length === 1 || sum > 0
  if (!isServed) return [`  http-request deny deny_status 503${test}`]
  if (listener.speaksHttp2 !== true) return []
  // All groups that this driver carries are of HTTP/1.1.
  const isCall =
    '{ req.ver -m str 2.0 } { req.hdr(content-type) -m reg -i ^application/grpc([+;]|$) }'
  return [`  http-request return status 464 ${own} if ${isCall} ${holds}`.trimEnd()]
}

function answerFile(mark: string, index: number): string {
  return `${mark}-r${index}.body`
}

/** The bodies of a listener's fixed answers, by file name. */
export function answersIn(listener: ListenerSpec): readonly (readonly [string, string])[] {
  return listener.rules.flatMap(({ action }, index) =>
    action.type === 'fixed-response' && action.body !== ''
      ? [[answerFile(markOf(listener.id), index), action.body] as const]
      : [],
  )
}

/** What targets learn of the client; what was said of its own connection stays behind. */
function headerLines(listener: ListenerSpec): readonly string[] {
  const { http = behaviourDefault, protocol, port } = listener
  // Half of a trace's digits are this listener's, half are drawn for each request.
  const own = markOf(`${listener.address} ${listener.id}`).slice(0, 12)
  const node = `1-%[date,hex,bytes(8,8),lower]-${own}%[uuid(),bytes(24,12)]`
  return [
    '  acl named req.hdr(connection) -m found',
    '  acl upgrades req.hdr(upgrade) -m str -i websocket',
    '  http-request del-header connection if named !upgrades',
    '  http-request set-header connection upgrade if named upgrades',
    '  http-request del-header upgrade if !upgrades',
    '  http-request del-header te',
    '  http-request del-header keep-alive',
    '  http-request del-header proxy-connection',
    // How long a target keeps connections is nothing to its clients.
    '  http-response del-header keep-alive',
    ...forwardedForLines(http),
    ...hostLines(http, port),
    ...tlsLines(http, protocol),
    `  http-request set-header X-Forwarded-Proto ${protocol}`,
    `  http-request set-header X-Forwarded-Port ${port}`,
    '  acl traced req.fhdr(x-amzn-trace-id) -m found',
    `  http-request set-header X-Amzn-Trace-Id "Self=${node};%[req.fhdr(x-amzn-trace-id)]" if traced { req.fhdr(x-amzn-trace-id) -m sub Root= }`,
    `  http-request set-header X-Amzn-Trace-Id "Root=${node};%[req.fhdr(x-amzn-trace-id)]" if traced !{ req.fhdr(x-amzn-trace-id) -m sub Root= }`,
    `  http-request set-header X-Amzn-Trace-Id "Root=${node}" if !traced`,
  ]
}

/** A Host without a port gets the listener's. */
function hostLines({ namesPort }: HttpBehaviour, port: number): readonly string[] {
  if (namesPort !== true) return []
  return [
    "  acl portless req.hdr(host) -m reg '^([^:\\[]+|\\[[^]]*\\])$'",
    `  http-request set-header Host %[req.hdr(host)]:${port} if portless`,
  ]
}

function tlsLines({ tellsTls }: HttpBehaviour, protocol: string): readonly string[] {
  if (tellsTls !== true) return []
  return [
    '  http-request del-header X-Amzn-Tls-Version',
    '  http-request del-header X-Amzn-Tls-Cipher-Suite',
    ...(protocol === 'https'
      ? [
          '  http-request set-header X-Amzn-Tls-Version %[ssl_fc_protocol]',
          '  http-request set-header X-Amzn-Tls-Cipher-Suite %[ssl_fc_cipher]',
        ]
      : []),
  ]
}

function forwardedForLines({ forwardedFor, hasClientPort }: HttpBehaviour): readonly string[] {
  if (forwardedFor === 'preserve') return []
  if (forwardedFor === 'remove') return ['  http-request del-header X-Forwarded-For']
  const client = hasClientPort ? '%[src]:%[src_port]' : '%[src]'
  return [
    '  acl passed req.fhdr(x-forwarded-for) -m found',
    `  http-request set-header X-Forwarded-For "%[req.fhdr(x-forwarded-for)], ${client}" if passed { req.fhdr_cnt(x-forwarded-for) eq 1 }`,
    `  http-request add-header X-Forwarded-For "${client}" if passed !{ req.fhdr_cnt(x-forwarded-for) eq 1 }`,
    `  http-request set-header X-Forwarded-For "${client}" if !passed`,
  ]
}

function routeLines(listener: ListenerSpec, mark: string): readonly string[] {
  const lines = ['  acl again method GET HEAD OPTIONS PUT DELETE']
  listener.rules.forEach(({ action }, index) => {
    if (action.type !== 'forward') return
    const holds = onlyIf(listener, index)
    const sum = action.targetGroups.reduce((total, { weight }) => total + weight, 0)
    let below = 0
    if (action.targetGroups.length > 1 && sum > 0) {
      const test = holds === '' ? '' : ` if ${holds}`
      lines.push(`  http-request set-var(txn.turn) rand(${sum})${test}`)
    }
    for (const { targetGroupId, weight } of action.targetGroups) {
      below += weight
      if (action.targetGroups.length > 1 && weight === 0) continue
      const share = action.targetGroups.length > 1 ? `{ var(txn.turn) -m int lt ${below} }` : ''
      const name = (variant: 'again' | 'once'): string =>
        backendName(mark, markOf(targetGroupId), variant)
      const tests = [holds, share].filter(Boolean).join(' ')
      lines.push(`  use_backend ${name('again')} if again ${tests}`.trimEnd())
      lines.push(`  use_backend ${name('once')}${tests === '' ? '' : ` if ${tests}`}`)
    }
  })
  return lines
}

/** Of a TCP listener: the last rule's first group. */
function defaultRoute({ rules }: ListenerSpec, mark: string): readonly string[] {
  const action = rules.at(-1)?.action
  const first = action?.type === 'forward' ? action.targetGroups[0] : undefined
  return first === undefined
    ? ['  tcp-request connection reject']
    : [`  default_backend ${backendName(mark, markOf(first.targetGroupId), 'tcp')}`]
}
