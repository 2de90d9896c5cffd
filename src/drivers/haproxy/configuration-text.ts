import type { GatewayConfiguration, ListenerSpec, TargetGroupSpec } from '../../protocol/gateway.ts'
import { groupsOf } from './carries.ts'
import { answersIn, frontendLines } from './frontend.ts'
import { backendName, markOf, variantsOf, type Variant } from './names.ts'
import type { Slot } from './server-slots.ts'

/** What one HAProxy is to run with. */
export interface HaproxyPlan {
  readonly configuration: GatewayConfiguration
  /** Those of the configuration's that HAProxy carries. */
  readonly listeners: readonly ListenerSpec[]
  /** By target group. */
  readonly slotsOf: (groupId: string) => readonly Slot[]
  /** Of this process's own socket and files. */
  readonly folder: string
  /** Of the sockets for clients of the edge: each process takes them over from the one before. */
  readonly doors: string
}

/** A gateway is small and one of many on its host: one thread, as nothing is shared between two. */
const threads = 1
export function configurationText(plan: HaproxyPlan): string {
  const { configuration, listeners, folder } = plan
  const lines = [
    'global',
    `  nbthread ${threads}`,
    '  no strict-limits',
    '  fd-hard-limit 65536',
    // Buffers stay as they are: HAProxy copies a whole one for each request that it may try again.
    '  tune.http.maxhdr 200',
    // A few requests at a time stay in the processor's cache, copies and all.
    '  tune.maxpollevents 16',
    `  stats socket unix@${folder}/stats.sock mode 600 level admin expose-fd listeners`,
    'defaults',
    '  mode http',
    '  option idle-close-on-response',
    '  option http-no-delay',
    '  option redispatch 1',
    '  retries 5',
    '  timeout connect 2s',
    ...[400, 405, 408, 500, 501, 502, 503, 504].map(
      (status) => `  errorfile ${status} ${folder}/${status}.http`,
    ),
  ]
  for (const listener of listeners) {
    lines.push(...frontendLines(listener, plan))
    for (const group of groupsOf(listener, configuration)) {
      for (const variant of variantsOf(listener)) {
        lines.push(...backendLines(plan, { listener, group, variant }))
      }
    }
  }
  return `${lines.join('\n')}\n`
}

const variantLines: Readonly<Record<Variant, readonly string[]>> = {
  again: ['  mode http', '  http-reuse always', '  retry-on conn-failure empty-response'],
  once: ['  mode http', '  option http-server-close', '  retry-on conn-failure'],
  tcp: ['  mode tcp'],
}

function backendLines(
  { slotsOf, folder }: HaproxyPlan,
  of: { listener: ListenerSpec; group: TargetGroupSpec; variant: Variant },
): readonly string[] {
  const { listener, group, variant } = of
  const idle = `${Math.round(listener.idleTimeoutSeconds * 1000)}ms`
  const isLeast = group.routing?.algorithm === 'least_outstanding_requests'
  const hasTargets = group.targets.some((target) => target.state === 'active')
  return [
    `backend ${backendName(markOf(listener.id), markOf(group.id), variant)}`,
    ...(variantLines[variant] ?? []),
    `  balance ${isLeast ? 'leastconn' : 'roundrobin'}`,
    `  timeout server ${idle}`,
    `  timeout tunnel ${idle}`,
    // Targets that all refuse are ALB's 502; 503 is for a group without any.
    ...(hasTargets ? [`  errorfile 503 ${folder}/502.http`] : []),
    `  default-server source ${listener.address} check inter 10s fastinter 100ms downinter 100ms fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down`,
    ...slotsOf(group.id).map(
      ({ name, address, port, isOpen }) =>
        `  server ${name} ${address}:${port}${isOpen ? '' : ' disabled'}`,
    ),
  ]
}

/** Files that the configuration names, beside error pages: fixed answers and certificates, by file name. */
export function filesOf({ listeners, folder }: HaproxyPlan): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const listener of listeners) {
    const mark = markOf(listener.id)
    for (const [name, body] of answersIn(listener)) files.set(name, body)
    if (listener.tls === undefined) continue
    const { certificates } = listener.tls
    certificates.forEach(({ certificate, privateKey }, index) => {
      files.set(`${mark}-${index}.pem`, `${certificate.trimEnd()}\n${privateKey.trimEnd()}\n`)
    })
    const list = certificates.map(
      ({ names }, index) => `${folder}/${mark}-${index}.pem ${names.join(' ')}\n`,
    )
    files.set(`${mark}.list`, list.join(''))
  }
  return files
}
