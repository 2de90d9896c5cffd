import { targetGroupArn } from '../balance/arns.ts'
import type { Balance } from '../balance/create-balance.ts'
import { classicBalancers, isClassicId } from '../balance/classic-records.ts'
import { balancers } from '../balance/records.ts'
import type { Traffic } from '../balance/traffic-book.ts'
import type { MetricDatum } from '../kernel/ports.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'

/** As often as the platform measures all else of itself. */
const periodMilliseconds = 5000
const nonCompliantName = 'DesyncMitigationMode_NonCompliant_Request_Count'

type Value = readonly [name: string, value: number, unit: string]
type Dimensions = Readonly<Record<string, string>>

/**
 * What went through balancers, as AWS/ApplicationELB, AWS/NetworkELB and AWS/ELB have it: from gateways' reports, each five seconds one
 * value, so that `Sum` is exact and `Average` of TargetResponseTime is one of five-second means. As on AWS, what did not happen has no value.
 */
export function balancerMetrics(deps: {
  readonly metrics: Metrics
  readonly balance: Pick<Balance, 'drainTraffic' | 'targets'>
}): { readonly reconcilers: readonly Reconciler[] } {
  const { context, port } = deps.metrics
  return {
    reconcilers: [
      {
        name: 'server/balancer-metrics',
        periodMilliseconds,
        concurrencyMax: 1,
        wakes: [],
        async keys() {
          return ['traffic']
        },
        async reconcile() {
          const [known, classics] = await Promise.all([
            context.store.listAll(balancers),
            context.store.listAll(classicBalancers),
          ])
          const scopes = new Map([
            ...known.map(({ id, scope }) => [id, scope] as const),
            ...classics.map(({ value, scope }) => [value.balancerId, scope] as const),
          ])
          const at = context.clock.now()
          for (const traffic of deps.balance.drainTraffic()) {
            const scope = scopes.get(traffic.balancerId)
            if (scope === undefined) continue
            if (isClassicId(traffic.balancerId)) {
              port.record(classicData(traffic, { scope, at }))
              continue
            }
            const healthy = await healthyCount(deps.balance, scope, traffic.targetGroupId)
            port.record(dataOf(traffic, { scope, at, healthy }))
          }
          return undefined
        },
      },
    ],
  }
}

async function healthyCount(
  { targets }: Pick<Balance, 'targets'>,
  scope: Scope,
  groupId: string | undefined,
): Promise<number> {
  if (groupId === undefined) return 0
  const views = (await targets.list(scope, targetGroupArn(scope, groupId))) ?? []
  return views.filter((view) => view.state === 'healthy').length
}

/** Requests of a classic balancer, in its namespace's words; what its connections carry it does not tell, as on AWS. */
function classicData(
  traffic: Traffic,
  { scope, at }: { scope: Scope; at: number },
): readonly MetricDatum[] {
  const [, LoadBalancerName = ''] = traffic.balancerId.split('/')
  const values = happened(
    traffic.targetGroupId === undefined ? classicOwnValues(traffic) : classicBackendValues(traffic),
  )
  return dataWith({ scope, at, namespace: 'AWS/ELB' }, values, { LoadBalancerName })
}

function classicBackendValues(traffic: Traffic): readonly Value[] {
  return [
    ['RequestCount', traffic.requests, 'Count'],
    ['HTTPCode_Backend_2XX', traffic.status2xx, 'Count'],
    ['HTTPCode_Backend_3XX', traffic.status3xx, 'Count'],
    ['HTTPCode_Backend_4XX', traffic.status4xx, 'Count'],
    ['HTTPCode_Backend_5XX', traffic.status5xx, 'Count'],
    ['Latency', meanSeconds(traffic), 'Seconds'],
  ]
}

function classicOwnValues(traffic: Traffic): readonly Value[] {
  return [
    ['HTTPCode_ELB_4XX', traffic.status4xx, 'Count'],
    ['HTTPCode_ELB_5XX', traffic.status5xx, 'Count'],
    [nonCompliantName, traffic.nonCompliant ?? 0, 'Count'],
  ]
}

function dataOf(
  traffic: Traffic,
  { scope, at, healthy }: { scope: Scope; at: number; healthy: number },
): readonly MetricDatum[] {
  const balancer = { LoadBalancer: traffic.balancerId }
  const isNetwork = traffic.balancerId.startsWith('net/')
  const namespace = isNetwork ? 'AWS/NetworkELB' : 'AWS/ApplicationELB'
  const data = (values: readonly Value[], dimensions: Dimensions): readonly MetricDatum[] =>
    dataWith({ scope, at, namespace }, values, dimensions)
  if (isNetwork) return data(happened(networkValues(traffic)), balancer)
  if (traffic.targetGroupId === undefined) return data(happened(ownValues(traffic)), balancer)
  const group = { TargetGroup: `targetgroup/${traffic.targetGroupId}` }
  const values = happened(targetValues(traffic))
  const share: readonly Value[] =
    healthy === 0 ? [] : [['RequestCountPerTarget', traffic.requests / healthy, 'Count']]
  return [
    ...data(values, balancer),
    ...data([...values, ...share], { ...balancer, ...group }),
    ...data(share, group),
  ]
}

function happened(values: readonly Value[]): readonly Value[] {
  return values.filter(([, value]) => value > 0)
}

function dataWith(
  of: Pick<MetricDatum, 'scope' | 'at' | 'namespace'>,
  values: readonly Value[],
  dimensions: Dimensions,
): readonly MetricDatum[] {
  return values.map(([name, value, unit]) => ({
    ...of,
    ...{ name, dimensions, value, unit },
    resolutionSeconds: 1,
  }))
}

function targetValues(traffic: Traffic): readonly Value[] {
  return [
    ['RequestCount', traffic.requests, 'Count'],
    ['HTTPCode_Target_2XX_Count', traffic.status2xx, 'Count'],
    ['HTTPCode_Target_3XX_Count', traffic.status3xx, 'Count'],
    ['HTTPCode_Target_4XX_Count', traffic.status4xx, 'Count'],
    ['HTTPCode_Target_5XX_Count', traffic.status5xx, 'Count'],
    ['TargetResponseTime', meanSeconds(traffic), 'Seconds'],
  ]
}

function meanSeconds({ answers, answerSeconds }: Traffic): number {
  // Answers within the clock's millisecond took some time all the same.
  return answers === 0 ? 0 : Math.max(answerSeconds / answers, 1e-6)
}

function ownValues(traffic: Traffic): readonly Value[] {
  return [
    ['HTTPCode_ELB_3XX_Count', traffic.status3xx, 'Count'],
    ['HTTPCode_ELB_4XX_Count', traffic.status4xx, 'Count'],
    ['HTTPCode_ELB_5XX_Count', traffic.status5xx, 'Count'],
    ['HTTPCode_ELB_500_Count', traffic.status500 ?? 0, 'Count'],
    ['HTTPCode_ELB_502_Count', traffic.status502 ?? 0, 'Count'],
    ['HTTPCode_ELB_503_Count', traffic.status503 ?? 0, 'Count'],
    ['HTTPCode_ELB_504_Count', traffic.status504 ?? 0, 'Count'],
    ['HTTP_Fixed_Response_Count', traffic.fixedResponses ?? 0, 'Count'],
    ['HTTP_Redirect_Count', traffic.redirects ?? 0, 'Count'],
    [nonCompliantName, traffic.nonCompliant ?? 0, 'Count'],
    ['NewConnectionCount', traffic.connections, 'Count'],
    ['ActiveConnectionCount', traffic.activeConnections, 'Count'],
    ['ProcessedBytes', traffic.bytes, 'Bytes'],
  ]
}

function networkValues(traffic: Traffic): readonly Value[] {
  return [
    ['NewFlowCount', traffic.connections, 'Count'],
    ['ActiveFlowCount', traffic.activeConnections, 'Count'],
    ['ProcessedBytes', traffic.bytes, 'Bytes'],
  ]
}
