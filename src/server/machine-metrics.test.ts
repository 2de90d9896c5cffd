import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MetricDatum } from '../kernel/ports.ts'
import type { MachineUsage } from '../protocol/machine.ts'
import { computeWorld } from '../testing/compute-world.ts'
import { machineMetrics } from './machine-metrics.ts'

async function world() {
  const base = await computeWorld()
  const { scope, compute, clock, context } = base
  const [record] = await compute.instances.launch(scope, {
    imageId: 'ami-12345678',
    instanceType: 't3.micro',
    count: 1,
    tags: [{ Key: 'aws:autoscaling:groupName', Value: 'web' }],
  })
  assert.ok(record)
  await clock.advance(1000)
  let usages: readonly MachineUsage[] = []
  let data: readonly MetricDatum[] = []
  const port = { record: (more: readonly MetricDatum[]) => void (data = [...data, ...more]) }
  const [reconciler] = machineMetrics({ context, port }, { usage: async () => usages }).reconcilers
  assert.ok(reconciler)
  /** Measures after ten seconds in which the machine used so much. */
  async function measure(usage: Omit<MachineUsage, 'id'>): Promise<ReadonlyMap<string, number>> {
    await clock.advance(10_000)
    usages = [{ id: record?.id ?? '', ...usage }]
    data = []
    await reconciler?.reconcile('machines', AbortSignal.abort())
    const ofGroup = data.filter((datum) => datum.dimensions['AutoScalingGroupName'] === 'web')
    return new Map(ofGroup.map((datum) => [datum.name, datum.value]))
  }
  return { ...base, measure }
}

const network = { bytesIn: 1000, packetsIn: 10, bytesOut: 500, packetsOut: 5 }

test('processor time is told as a part of all processors of the type', async () => {
  const { measure, close } = await world()
  assert.equal((await measure({ cpuSeconds: 100, network })).has('CPUUtilization'), false)
  const second = await measure({ cpuSeconds: 110, network: { ...network, bytesIn: 3000 } })
  // A t3.micro has two.
  assert.equal(second.get('CPUUtilization'), 50)
  assert.equal(second.get('NetworkIn'), 2000)
  assert.equal(second.get('NetworkOut'), 0)
  assert.equal(second.get('StatusCheckFailed'), 0)
  await close()
})

test('counters that fell count as no work', async () => {
  const { measure, close } = await world()
  await measure({ cpuSeconds: 100 })
  const after = await measure({ cpuSeconds: 1 })
  assert.equal(after.get('CPUUtilization'), 0)
  assert.equal(after.has('NetworkIn'), false)
  await close()
})
