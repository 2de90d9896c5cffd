import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribeStacksCommandOutput } from '@aws-sdk/client-cloudformation'
import { handleTokenOf, readHandlePath } from '../../stacks/handle-url.ts'
import { call } from '../../testing/fake-request.ts'
import { fakeType } from '../../testing/fake-resource-types.ts'
import { benchScope, stackBench, type StackBench } from '../../testing/stack-bench.ts'
import type { Service } from '../../wire/service.ts'
import { cloudformationResourceTypes, cloudformationService } from './index.ts'

async function face(): Promise<{ service: Service; bench: StackBench }> {
  const bench = await stackBench({
    ownTypes: (stacks) => cloudformationResourceTypes({ stacks, insideEndpoint: 'http://inside' }),
    types: (world) => [{ ...fakeType(world, 'Fake::Group'), signalledBy: 'instances' }],
  })
  return {
    service: cloudformationService({ stacks: bench.stacks, takesRole: async () => false }),
    bench,
  }
}

const group = `
Parameters: { Wanted: { Type: Number, Default: 2 } }
Resources:
  Web:
    Type: Fake::Group
    CreationPolicy: { ResourceSignal: { Count: !Ref Wanted, Timeout: PT10M } }
  After: { Type: "Fake::Thing", Properties: { Needs: [!Ref Web] } }`

function signal(service: Service, UniqueId: string, Status = 'SUCCESS'): Promise<unknown> {
  return call(service, 'SignalResource', {
    StackName: 'web',
    LogicalResourceId: 'Web',
    UniqueId,
    Status,
  })
}

test('a resource with a creation policy is complete when each instance has signalled, not before', async () => {
  const { service, bench } = await face()
  await call(service, 'CreateStack', { StackName: 'web', TemplateBody: group })
  await bench.settle()
  assert.deepEqual(bench.world.log, ['create Web'])
  await signal(service, 'i-00000001')
  await signal(service, 'i-00000001')
  await bench.settle(5000)
  assert.equal((await bench.find('web')).status, 'CREATE_IN_PROGRESS')
  await signal(service, 'i-00000002')
  await bench.settle()
  assert.equal((await bench.find('web')).status, 'CREATE_COMPLETE')
  assert.deepEqual((await bench.events('web')).slice(1, 6), [
    'Web CREATE_IN_PROGRESS',
    'Web CREATE_IN_PROGRESS Resource creation Initiated',
    'Web CREATE_IN_PROGRESS Received SUCCESS signal with UniqueId i-00000001',
    'Web CREATE_IN_PROGRESS Received SUCCESS signal with UniqueId i-00000002',
    'Web CREATE_COMPLETE',
  ])
  await assert.rejects(signal(service, 'i-00000003'), /is in CREATE_COMPLETE state and cannot be/)
})

test('a failure or silence fails the resource, and the stack rolls back', async () => {
  for (const how of ['failure', 'silence']) {
    const { service, bench } = await face()
    await call(service, 'CreateStack', { StackName: 'web', TemplateBody: group })
    await bench.settle()
    if (how === 'failure') await signal(service, 'i-00000001', 'FAILURE')
    else await signal(service, 'i-00000001')
    await bench.settle(how === 'failure' ? 0 : 600_001)
    assert.equal((await bench.find('web')).status, 'ROLLBACK_COMPLETE', how)
    const reason =
      how === 'failure'
        ? 'Web CREATE_FAILED Received 1 FAILURE signal(s) out of 2. Unable to satisfy 100% MinSuccessfulInstancesPercent requirement'
        : 'Web CREATE_FAILED Failed to receive 1 resource signal(s) within the specified duration'
    assert.ok((await bench.events('web')).includes(reason), how)
    assert.equal(bench.world.live.size, 0)
  }
})

test('signals that nothing waits for are refused by what is wrong with them', async () => {
  const { service, bench } = await face()
  await assert.rejects(signal(service, 'i-00000001'), /Stack with id web does not exist/)
  await call(service, 'CreateStack', { StackName: 'web', TemplateBody: group })
  await bench.settle()
  await assert.rejects(signal(service, 'host'), /must be the id of an instance/)
  const other = { StackName: 'web', UniqueId: 'i-00000001', Status: 'SUCCESS' }
  await assert.rejects(
    call(service, 'SignalResource', { ...other, LogicalResourceId: 'None' }),
    /Resource None does not exist for stack web/,
  )
  const plain = group.replace(/Fake::Group/, 'Fake::Thing')
  await assert.rejects(
    call(service, 'CreateStack', { StackName: 'other', TemplateBody: plain }),
    /CreationPolicy of resource Web is not supported for Fake::Thing/,
  )
})

const condition = `
Resources:
  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
  Machine: { Type: "Fake::Thing", Properties: { Value: !Ref Handle } }
  Up:
    Type: AWS::CloudFormation::WaitCondition
    DependsOn: Machine
    Properties: { Handle: !Ref Handle, Timeout: '600', Count: '2' }
Outputs:
  Url: { Value: !Ref Handle }
  Data: { Value: !GetAtt Up.Data }`

async function receive(
  bench: StackBench,
  url: string,
  signalled: { uniqueId: string; status: 'SUCCESS' | 'FAILURE'; data?: string; reason?: string },
): Promise<string> {
  const address = readHandlePath(url.slice('http://inside'.length))
  assert.ok(address)
  assert.deepEqual(address.scope, benchScope)
  return bench.stacks.signals.receive(address.scope, address, signalled)
}

test('a wait condition is met through its handle’s address, and gives what was said', async () => {
  const { service, bench } = await face()
  await call(service, 'CreateStack', { StackName: 'wait', TemplateBody: condition })
  await bench.settle()
  const url = String([...bench.world.live.values()][0]?.properties['Value'])
  assert.match(url, /^http:\/\/inside\/cloudformation-waitcondition-us-east-1\/arn%3Aaws/)
  await receive(bench, url, { uniqueId: 'one', status: 'SUCCESS', data: 'up' })
  await receive(bench, url, { uniqueId: 'one', status: 'SUCCESS', data: 'again' })
  const forged = url.replace(/Signature=.*/, `Signature=${'0'.repeat(40)}`)
  assert.equal(await receive(bench, forged, { uniqueId: 'x', status: 'SUCCESS' }), 'closed')
  await bench.settle(1000)
  assert.equal((await bench.find('wait')).status, 'CREATE_IN_PROGRESS')
  await receive(bench, url, { uniqueId: 'two', status: 'SUCCESS' })
  await bench.settle()
  const { Stacks } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', {
    StackName: 'wait',
  })
  assert.equal(Stacks?.[0]?.StackStatus, 'CREATE_COMPLETE')
  assert.equal(Stacks[0].Outputs?.[1]?.OutputValue, '{"one":"up","two":""}')

  const changed = condition.replace("Timeout: '600'", "Timeout: '700'").replace('Url', 'Address')
  await call(service, 'UpdateStack', { StackName: 'wait', TemplateBody: changed })
  await bench.settle()
  assert.equal((await bench.find('wait')).outputs[1]?.value, '{"one":"up","two":""}')
  await call(service, 'DeleteStack', { StackName: 'wait' })
  await bench.settle()
  assert.equal(await receive(bench, url, { uniqueId: 'late', status: 'SUCCESS' }), 'closed')
})

test('a wait condition fails with the reason that it was sent', async () => {
  const { service, bench } = await face()
  await call(service, 'CreateStack', { StackName: 'wait', TemplateBody: condition })
  await bench.settle()
  const url = String([...bench.world.live.values()][0]?.properties['Value'])
  await receive(bench, url, { uniqueId: 'one', status: 'FAILURE', reason: 'disk full' })
  await bench.settle()
  assert.equal((await bench.find('wait')).status, 'ROLLBACK_COMPLETE')
  assert.ok(
    (await bench.events('wait')).includes(
      "Up CREATE_FAILED WaitCondition received failed message: 'disk full' for uniqueId: one",
    ),
  )
})

test('an address that is no handle’s is none', () => {
  const bad = [
    'x',
    'http://h/b/k',
    'http://h/cloudformation-waitcondition-us-east-1/%E0?Signature=00',
  ]
  for (const url of bad) assert.equal(handleTokenOf(url), undefined)
})

test('a machine signals in its own stack alone', async () => {
  const { service, bench } = await face()
  await call(service, 'CreateStack', { StackName: 'web', TemplateBody: group })
  await bench.settle()
  const { stackId } = await bench.find('web')
  const asked = { StackName: 'web', LogicalResourceId: 'Web', UniqueId: 'i-00000001' }
  const as = (tags: Readonly<Record<string, string>>): Promise<unknown> =>
    call(
      service,
      'SignalResource',
      { ...asked, Status: 'SUCCESS' },
      { machine: { instanceId: 'i-00000001', tags } },
    )
  await assert.rejects(as({ 'aws:cloudformation:stack-id': 'another' }), { code: 'AccessDenied' })
  await assert.rejects(as({ 'aws:autoscaling:groupName': 'another' }), { code: 'AccessDenied' })
  await as({ 'aws:cloudformation:stack-id': stackId })
  await bench.settle()
  assert.ok((await bench.events('web')).some((event) => event.endsWith('UniqueId i-00000001')))
})
