import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  DescribeStackDriftDetectionStatusCommandOutput,
  DescribeStackResourceDriftsCommandOutput,
  DescribeStackResourceCommandOutput,
  DescribeStacksCommandOutput,
  DetectStackDriftCommandOutput,
  DetectStackResourceDriftCommandOutput,
} from '@aws-sdk/client-cloudformation'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { call } from '../../testing/fake-request.ts'
import { fakeType, type FakeResource, type FakeWorld } from '../../testing/fake-resource-types.ts'
import { stackBench, type StackBench } from '../../testing/stack-bench.ts'
import type { Service } from '../../wire/service.ts'
import { cloudformationService } from './index.ts'

const body = `
Resources:
  A: { Type: "Fake::Thing", Properties: { Value: one, Count: "2" } }
  B: { Type: "Fake::Thing", Properties: { Value: two } }
  C: { Type: "Fake::Thing", Properties: { Value: three } }
  D: { Type: "Fake::Dark", Properties: { Value: four } }`

function darkType(world: FakeWorld): ResourceType {
  const { read: _, ...type } = fakeType(world, 'Fake::Dark')
  return type
}

async function face(): Promise<{ service: Service; bench: StackBench }> {
  const bench = await stackBench({ types: (world) => [darkType(world)] })
  const service = cloudformationService({ stacks: bench.stacks, takesRole: async () => true })
  await call(service, 'CreateStack', { StackName: 'shop', TemplateBody: body })
  await bench.settle()
  return { service, bench }
}

async function detected(
  service: Service,
  bench: StackBench,
): Promise<DescribeStackDriftDetectionStatusCommandOutput> {
  const { StackDriftDetectionId } = await call<DetectStackDriftCommandOutput>(
    service,
    'DetectStackDrift',
    { StackName: 'shop' },
  )
  await bench.settle()
  return call(service, 'DescribeStackDriftDetectionStatus', { StackDriftDetectionId })
}

function live({ world }: StackBench, logicalId: string): FakeResource {
  const found = [...world.live.values()].find((each) => each.logicalId === logicalId)
  assert.ok(found)
  return found
}

test('a stack that nobody touched is in sync; what cannot be read is not checked', async () => {
  const { service, bench } = await face()
  const status = await detected(service, bench)
  assert.equal(status.DetectionStatus, 'DETECTION_COMPLETE')
  assert.deepEqual([status.StackDriftStatus, status.DriftedStackResourceCount], ['IN_SYNC', 0])
  const { Stacks } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', {
    StackName: 'shop',
  })
  assert.equal(Stacks?.[0]?.DriftInformation?.StackDriftStatus, 'IN_SYNC')
  const { StackResourceDrifts } = await call<DescribeStackResourceDriftsCommandOutput>(
    service,
    'DescribeStackResourceDrifts',
    { StackName: 'shop' },
  )
  assert.deepEqual(
    StackResourceDrifts?.map(({ LogicalResourceId: id, StackResourceDriftStatus: is }) => [id, is]),
    ['A', 'B', 'C'].map((id) => [id, 'IN_SYNC']),
  )
  const dark = await call<DescribeStackResourceCommandOutput>(service, 'DescribeStackResource', {
    StackName: 'shop',
    LogicalResourceId: 'D',
  })
  assert.equal(dark.StackResourceDetail?.DriftInformation?.StackResourceDriftStatus, 'NOT_CHECKED')
})

test('what was changed and what was deleted behind the stack is told, property by property', async () => {
  const { service, bench } = await face()
  live(bench, 'A').properties = { Value: 'other', Count: 2, Fixed: 'unasked' }
  bench.world.live.delete(live(bench, 'B').id)
  const status = await detected(service, bench)
  assert.deepEqual([status.StackDriftStatus, status.DriftedStackResourceCount], ['DRIFTED', 2])
  const { StackResourceDrifts } = await call<DescribeStackResourceDriftsCommandOutput>(
    service,
    'DescribeStackResourceDrifts',
    { StackName: 'shop', StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'] },
  )
  const [a, b] = StackResourceDrifts ?? []
  assert.deepEqual(a?.PropertyDifferences, [
    {
      PropertyPath: '/Value',
      ExpectedValue: 'one',
      ActualValue: 'other',
      DifferenceType: 'NOT_EQUAL',
    },
  ])
  assert.equal(a?.ExpectedProperties, '{"Value":"one","Count":2}')
  assert.equal(a?.ActualProperties, '{"Value":"other","Count":2}')
  assert.deepEqual([b?.LogicalResourceId, b?.StackResourceDriftStatus], ['B', 'DELETED'])
})

test('one resource is looked at by itself, and refused with words when it cannot be', async () => {
  const { service, bench } = await face()
  live(bench, 'C').properties = { Value: 'moved' }
  const at = (LogicalResourceId: string): object => ({ StackName: 'shop', LogicalResourceId })
  const { StackResourceDrift } = await call<DetectStackResourceDriftCommandOutput>(
    service,
    'DetectStackResourceDrift',
    at('C'),
  )
  assert.equal(StackResourceDrift?.StackResourceDriftStatus, 'MODIFIED')
  await assert.rejects(call(service, 'DetectStackResourceDrift', at('D')), /Fake::Dark/)
  await assert.rejects(call(service, 'DetectStackResourceDrift', at('X')), /Resource X/)
  await assert.rejects(call(service, 'DetectStackDrift', { StackName: 'none' }), /none/)
})
