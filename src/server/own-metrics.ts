import type { Balance } from '../balance/create-balance.ts'
import { classicBalancerArn, targetGroupArn } from '../balance/arns.ts'
import { classicBalancers } from '../balance/classic-records.ts'
import { targetGroups } from '../balance/records.ts'
import type { MetricDatum } from '../kernel/ports.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Queues } from '../queue/create-queues.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { measureGroup } from '../scale/domain/group-metrics.ts'
import { groups, members, shownLifecycle } from '../scale/group.ts'
import { weightOf } from '../scale/weights.ts'

/** Often enough for alarms with periods of ten seconds. */
const periodMilliseconds = 5000

/** What the platform measures of itself, as CloudWatch's AWS/… namespaces have it. */
export interface OwnMetrics {
  readonly reconcilers: readonly Reconciler[]
  /** The newest value of each, in Prometheus's text format. */
  prometheusText(): string
}

type Measured = Omit<MetricDatum, 'at' | 'namespace' | 'resolutionSeconds'> & {
  /** For Prometheus alone: nobody enabled it in CloudWatch. */
  readonly isPrivate?: boolean
}

/** Measures groups, balancers and queues by period. A reconciler, so that one of several servers does it. */
export function ownMetrics(deps: {
  readonly metrics: Metrics
  readonly balance: Pick<Balance, 'groups' | 'targets'>
  readonly queues: Pick<Queues, 'queueMeasurements'>
}): OwnMetrics {
  const { clock } = deps.metrics.context
  const newest = new Map<string, readonly MetricDatum[]>()
  const sources: Readonly<Record<string, () => Promise<readonly Measured[]>>> = {
    'AWS/AutoScaling': () => measureGroups(deps.metrics),
    'AWS/ApplicationELB': () => measureTargets(deps.metrics, deps.balance),
    'AWS/ELB': () => measureClassics(deps.metrics, deps.balance),
    'AWS/SQS': () => measureQueues(deps.queues),
  }
  return {
    reconcilers: [
      {
        name: 'server/own-metrics',
        periodMilliseconds,
        concurrencyMax: 1,
        wakes: [],
        async keys() {
          return Object.keys(sources)
        },
        async reconcile(key) {
          const measured = await sources[key]?.()
          if (!measured) return undefined
          const [namespace = key] = key.split(' ')
          const at = clock.now()
          const all = measured.map(({ isPrivate: _isPrivate, ...one }) => ({
            ...one,
            namespace,
            at,
            resolutionSeconds: 1 as const,
          }))
          newest.set(key, all)
          deps.metrics.port.record(all.filter((_, index) => measured[index]?.isPrivate !== true))
          return undefined
        },
      },
    ],
    prometheusText: () => prometheusText([...newest.values()].flat()),
  }
}

function count(
  scope: Scope,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  value: number,
): Measured {
  return { scope, name, dimensions, value, unit: 'Count' }
}

async function measureGroups({ context }: Metrics): Promise<readonly Measured[]> {
  const byGroup = Map.groupBy(
    await context.store.listAll(members),
    ({ scope, value }) => `${scope.account}/${scope.region}/${value.groupName}`,
  )
  return (await context.store.listAll(groups)).flatMap(({ scope, value: group }) => {
    const own = byGroup.get(`${scope.account}/${scope.region}/${group.name}`) ?? []
    const staff = own.map(({ value }) => ({
      lifecycle: shownLifecycle(value),
      weight: weightOf(group, value.instanceType),
    }))
    const dimensions = { AutoScalingGroupName: group.name }
    return Object.entries(measureGroup(group, staff)).map(([name, value]) => ({
      ...count(scope, name, dimensions, value),
      isPrivate: !group.enabledMetrics?.some((enabled) => enabled === name),
    }))
  })
}

async function measureTargets(
  { context }: Metrics,
  balance: Pick<Balance, 'groups' | 'targets'>,
): Promise<readonly Measured[]> {
  const measured: Measured[] = []
  for (const { scope, id } of await context.store.listAll(targetGroups)) {
    const balancerId = await balance.groups.balancerOf(scope, id)
    const targets = await balance.targets.list(scope, targetGroupArn(scope, id))
    if (balancerId === undefined || targets === undefined) continue
    const dimensions = { LoadBalancer: balancerId, TargetGroup: `targetgroup/${id}` }
    const inState = (state: string) => targets.filter((target) => target.state === state).length
    measured.push(count(scope, 'HealthyHostCount', dimensions, inState('healthy')))
    measured.push(count(scope, 'UnHealthyHostCount', dimensions, inState('unhealthy')))
  }
  return measured
}

/** Of classic balancers: in service or not, whatever the reason. */
async function measureClassics(
  { context }: Metrics,
  balance: Pick<Balance, 'targets'>,
): Promise<readonly Measured[]> {
  const measured: Measured[] = []
  for (const { scope, id: name } of await context.store.listAll(classicBalancers)) {
    const targets = (await balance.targets.list(scope, classicBalancerArn(scope, name))) ?? []
    const healthy = targets.filter((target) => target.state === 'healthy').length
    const staying = targets.filter((target) => target.state !== 'draining').length
    const dimensions = { LoadBalancerName: name }
    measured.push(count(scope, 'HealthyHostCount', dimensions, healthy))
    measured.push(count(scope, 'UnHealthyHostCount', dimensions, staying - healthy))
  }
  return measured
}

async function measureQueues(
  queues: Pick<Queues, 'queueMeasurements'>,
): Promise<readonly Measured[]> {
  return (await queues.queueMeasurements()).flatMap((queue) => {
    const { scope } = queue
    const dimensions = { QueueName: queue.queueName }
    return [
      count(scope, 'ApproximateNumberOfMessagesVisible', dimensions, queue.visible),
      count(scope, 'ApproximateNumberOfMessagesNotVisible', dimensions, queue.notVisible),
      count(scope, 'ApproximateNumberOfMessagesDelayed', dimensions, queue.delayed),
      count(scope, 'NumberOfMessagesSent', dimensions, queue.sent),
      count(scope, 'NumberOfMessagesReceived', dimensions, queue.received),
      count(scope, 'NumberOfMessagesDeleted', dimensions, queue.deleted),
      count(scope, 'NumberOfEmptyReceives', dimensions, queue.emptyReceives),
      {
        ...count(scope, 'ApproximateAgeOfOldestMessage', dimensions, queue.ageOfOldestSeconds),
        unit: 'Seconds',
      },
    ]
  })
}

/** `aws_sqs_approximate_number_of_messages_visible{account="…",region="…",queue_name="…"} 3` */
function prometheusText(data: readonly MetricDatum[]): string {
  const lines = data.map(({ scope, namespace, name, dimensions, value, at }) => {
    const labels = Object.entries({ account: scope.account, region: scope.region, ...dimensions })
      .map(([label, text]) => `${snake(label)}=${JSON.stringify(text)}`)
      .join(',')
    return { name: `${snake(namespace)}_${snake(name)}`, text: `{${labels}} ${value} ${at}` }
  })
  const families = [...Map.groupBy(lines, (line) => line.name)]
  return families
    .map(
      ([name, all]) => `# TYPE ${name} gauge\n${all.map((one) => `${name}${one.text}\n`).join('')}`,
    )
    .join('')
}

function snake(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
