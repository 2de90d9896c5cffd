import type { Scope } from '../kernel/scope.ts'
import type { AccessLogSpec } from '../protocol/gateway.ts'
import { targetGroupArn } from './arns.ts'
import { isClassicId } from './classic-records.ts'
import type { Picture } from './plan-configuration.ts'
import type { AccessLogSettings, Balancer } from './records.ts'

/** As often as AWS delivers. */
export const logPeriodSeconds = 300

/** What gateways need for the lines of those balancers whose requests are recorded. `seconds`: between two files that are asked for every five minutes. */
export function planAccessLogs(
  picture: Pick<Picture, 'balancers' | 'rules' | 'groups'>,
  scopes: ReadonlyMap<string, Scope>,
  seconds: number,
): ReadonlyMap<string, AccessLogSpec> {
  const specs = new Map<string, AccessLogSpec>()
  for (const balancer of picture.balancers) {
    const { balancerId, accessLog } = balancer
    const scope = scopes.get(balancerId)
    if (accessLog?.isEnabled !== true || scope === undefined) continue
    specs.set(balancerId, specOf(picture, { balancer, scope, accessLog, seconds }))
  }
  return specs
}

function specOf(
  picture: Pick<Picture, 'rules' | 'groups'>,
  of: { balancer: Balancer; scope: Scope; accessLog: AccessLogSettings; seconds: number },
): AccessLogSpec {
  const { balancerId, name, dnsName, vpcId, type } = of.balancer
  const isClassic = isClassicId(balancerId)
  const groups = isClassic ? [] : picture.groups.filter((group) => group.vpcId === vpcId)
  const rules = picture.rules.filter((rule) => rule.listenerId.startsWith(`${balancerId}/`))
  return {
    form: isClassic ? 'classic' : (type ?? 'application'),
    balancerName: isClassic ? name : balancerId,
    dnsName,
    periodSeconds: (of.seconds * (of.accessLog.minutes ?? 5)) / 5,
    groupArns: Object.fromEntries(
      groups.map(({ groupId }) => [groupId, targetGroupArn(of.scope, groupId)]),
    ),
    priorities: Object.fromEntries(rules.map(({ ruleId, priority }) => [ruleId, priority])),
  }
}
