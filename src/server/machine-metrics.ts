import type { UsageDriver } from '../compute/driver.ts'
import { instanceSizes } from '../compute/domain/instance-sizes.ts'
import { instances, type Instance } from '../compute/instance.ts'
import type { MetricDatum } from '../kernel/ports.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { MachineUsage } from '../protocol/machine.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { StoredRecord } from '../store/records.ts'

/** AWS measures every five minutes, or every minute with detailed monitoring; policies on processor time act sooner here. */
const periodMilliseconds = 10_000

interface Sample {
  readonly usage: MachineUsage
  readonly incarnation: number
  readonly at: number
}

/**
 * AWS/EC2 metrics of running instances: by instance, and by their Auto Scaling group. A first look only learns where the counters
 * stand. A reconciler, so that one of several servers measures.
 */
export function machineMetrics(
  metrics: Pick<Metrics, 'context' | 'port'>,
  driver: UsageDriver,
): { readonly reconcilers: readonly Reconciler[] } {
  const { store, clock } = metrics.context
  let samples: ReadonlyMap<string, Sample> = new Map()
  return {
    reconcilers: [
      {
        name: 'server/machine-metrics',
        periodMilliseconds,
        concurrencyMax: 1,
        wakes: [],
        keys: async () => ['machines'],
        async reconcile() {
          const usages = new Map((await driver.usage()).map((usage) => [usage.id, usage]))
          const at = clock.now()
          const before = samples
          const now = new Map<string, Sample>()
          for (const record of await store.listAll(instances)) {
            const usage = usages.get(record.id)
            if (usage === undefined || record.value.state !== 'running') continue
            const sample = { usage, incarnation: record.value.incarnation, at }
            now.set(record.id, sample)
            metrics.port.record(dataOf(record, before.get(record.id), sample))
          }
          samples = now
          return undefined
        },
      },
    ],
  }
}

type Value = readonly [name: string, value: number, unit: string]

function dataOf(
  { scope, value: instance }: StoredRecord<Instance>,
  before: Sample | undefined,
  now: Sample,
): readonly MetricDatum[] {
  const isComparable = before !== undefined && before.incarnation === now.incarnation
  const values = [...statusOf(instance), ...(isComparable ? growth(instance, before, now) : [])]
  const group = instance.tags.find((tag) => tag.Key === 'aws:autoscaling:groupName')?.Value
  const dimensions: readonly Readonly<Record<string, string>>[] = [
    { InstanceId: instance.instanceId },
    ...(group === undefined ? [] : [{ AutoScalingGroupName: group }]),
  ]
  return dimensions.flatMap((of) =>
    values.map(([name, value, unit]) => ({
      scope,
      namespace: 'AWS/EC2',
      name,
      dimensions: of,
      value,
      unit,
      at: now.at,
      resolutionSeconds: 1 as const,
    })),
  )
}

/** Counters start anew with the machine's processes: less than before is a new beginning, not work undone. */
function growth(instance: Instance, before: Sample, now: Sample): readonly Value[] {
  const seconds = (now.at - before.at) / 1000
  const grown = (a = 0, b = 0): number => Math.max(0, b - a)
  const processors = instanceSizes.get(instance.instanceType)?.vcpus ?? 1
  const used = grown(before.usage.cpuSeconds, now.usage.cpuSeconds)
  const percent = Math.min(100, (100 * used) / Math.max(seconds, 0.001) / processors)
  const [a, b] = [before.usage.network, now.usage.network]
  const traffic: readonly Value[] =
    a === undefined || b === undefined
      ? []
      : [
          ['NetworkIn', grown(a.bytesIn, b.bytesIn), 'Bytes'],
          ['NetworkOut', grown(a.bytesOut, b.bytesOut), 'Bytes'],
          ['NetworkPacketsIn', grown(a.packetsIn, b.packetsIn), 'Count'],
          ['NetworkPacketsOut', grown(a.packetsOut, b.packetsOut), 'Count'],
        ]
  return [['CPUUtilization', percent, 'Percent'], ...traffic]
}

/** An instance that runs and serves nobody fails its own check; the host's fails with a zone that is cut off. */
function statusOf({ impairment }: Instance): readonly Value[] {
  const instanceFails = impairment?.kind === 'paused' ? 1 : 0
  const systemFails = impairment !== undefined && impairment.kind !== 'paused' ? 1 : 0
  return [
    ['StatusCheckFailed', Math.max(instanceFails, systemFails), 'Count'],
    ['StatusCheckFailed_Instance', instanceFails, 'Count'],
    ['StatusCheckFailed_System', systemFails, 'Count'],
  ]
}
