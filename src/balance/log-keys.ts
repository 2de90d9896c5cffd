import type { Scope } from '../kernel/scope.ts'
import type { AccessLogFile } from '../protocol/gateway.ts'

/** The folder of all access logs of an account below a prefix, which may be empty. */
export function logFolder({ account }: Scope, prefix: string): string {
  return `${prefix === '' ? '' : `${prefix}/`}AWSLogs/${account}`
}

/** The key of one file, as AWS builds them for each kind of balancer; a network balancer's names no node. */
export function logFileKey(scope: Scope, prefix: string, file: AccessLogFile): string {
  const { account, region } = scope
  const ended = new Date(file.endedAt).toISOString()
  const day = ended.slice(0, 10).replaceAll('-', '/')
  const minute = `${ended.slice(0, 16).replaceAll(/[-:]/g, '')}Z`
  const [kind = '', name = '', digits = ''] = file.balancerId.split('/')
  const isClassic = kind === 'classic'
  const balancer = isClassic ? name : `${kind}.${name}.${digits}`
  const node = kind === 'net' ? [] : [file.address]
  const parts = [
    ...[account, 'elasticloadbalancing', region, balancer, minute],
    ...[...node, file.mark],
  ]
  const folder = `${logFolder(scope, prefix)}/elasticloadbalancing/${region}/${day}`
  return `${folder}/${parts.join('_')}.log${isClassic ? '' : '.gz'}`
}
