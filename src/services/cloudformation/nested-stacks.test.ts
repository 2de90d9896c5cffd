import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  DescribeStacksCommandOutput,
  ListExportsCommandOutput,
  ListImportsCommandOutput,
  Stack,
} from '@aws-sdk/client-cloudformation'
import { call } from '../../testing/fake-request.ts'
import { nestedStacksWorld } from '../../testing/nested-stacks-world.ts'
import type { Service } from '../../wire/service.ts'

async function describe(service: Service, StackName: string): Promise<Stack> {
  const at = { StackName }
  const { Stacks } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', at)
  assert.ok(Stacks?.[0])
  return Stacks[0]
}

const network = `
Parameters: { Value: { Type: String, Default: one } }
Resources: { A: { Type: "Fake::Thing", Properties: { Value: !Ref Value } } }
Outputs: { Id: { Value: !GetAtt A.Value, Export: { Name: !Sub '\${AWS::StackName}-Id' } } }`

const application = `
Parameters: { From: { Type: String, Default: net } }
Resources: { B: { Type: "Fake::Thing", Properties: { Value: !ImportValue { "Fn::Sub": '\${From}-Id' } } } }`

test('an export is imported by name, and stays as it is while it is in use', async () => {
  const { service, bench } = await nestedStacksWorld(new Map())
  await call(service, 'CreateStack', { StackName: 'net', TemplateBody: network })
  await bench.settle()
  assert.equal((await describe(service, 'net')).Outputs?.[0]?.ExportName, 'net-Id')
  await call(service, 'CreateStack', { StackName: 'app', TemplateBody: application })
  await bench.settle()
  const made = [...bench.world.live.values()].find(({ logicalId }) => logicalId === 'B')
  assert.equal(made?.properties['Value'], 'one')
  const { Exports } = await call<ListExportsCommandOutput>(service, 'ListExports', {})
  assert.deepEqual(
    Exports?.map(({ Name, Value }) => [Name, Value]),
    [['net-Id', 'one']],
  )
  const of = { ExportName: 'net-Id' }
  const { Imports } = await call<ListImportsCommandOutput>(service, 'ListImports', of)
  assert.deepEqual(Imports, ['app'])

  const Parameters = [{ ParameterKey: 'Value', ParameterValue: 'two' }]
  const update = { StackName: 'net', UsePreviousTemplate: true }
  await call(service, 'UpdateStack', { ...update, Parameters })
  await bench.settle()
  const undone = await describe(service, 'net')
  assert.equal(undone.StackStatus, 'UPDATE_ROLLBACK_COMPLETE')
  assert.ok(
    (await bench.events('net')).some((event) =>
      event.includes('Export net-Id cannot be updated as it is in use by app'),
    ),
  )
  await call(service, 'DeleteStack', { StackName: 'net' })
  await bench.settle()
  const kept = await describe(service, 'net')
  assert.equal(kept.StackStatus, 'UPDATE_ROLLBACK_COMPLETE')
  assert.equal(kept.StackStatusReason, 'Export net-Id cannot be deleted as it is in use by app')

  await call(service, 'DeleteStack', { StackName: 'app' })
  await bench.settle()
  await call(service, 'UpdateStack', { ...update, Parameters })
  await bench.settle()
  assert.equal((await describe(service, 'net')).Outputs?.[0]?.OutputValue, 'two')
  await call(service, 'DeleteStack', { StackName: 'net' })
  await bench.settle()
  const none = await call<ListExportsCommandOutput>(service, 'ListExports', {})
  assert.deepEqual(none.Exports, [])
  assert.equal(bench.world.live.size, 0)
})

test('an export that another stack has, and an import that nobody exports, are named', async () => {
  const { service, bench } = await nestedStacksWorld(new Map())
  const missing = call(service, 'CreateStack', { StackName: 'app', TemplateBody: application })
  await assert.rejects(missing, /No export named net-Id found/)
  const fixed = network.replace("!Sub '${AWS::StackName}-Id'", 'shared')
  await call(service, 'CreateStack', { StackName: 'one', TemplateBody: fixed })
  await bench.settle()
  await call(service, 'CreateStack', { StackName: 'two', TemplateBody: fixed })
  await bench.settle()
  assert.equal((await describe(service, 'two')).StackStatus, 'ROLLBACK_COMPLETE')
  const events = await bench.events('two')
  assert.ok(events.some((event) => /shared is already exported by stack one/.test(event)))
})

const outer = `
Parameters: { Value: { Type: String, Default: one }, Other: { Type: String, Default: fine } }
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: http://127.0.0.1:4566/b/inner.yaml
      Parameters: { Value: !Ref Value }
  After:
    Type: Fake::Thing
    Properties: { Value: !If [IsBad, bad, !GetAtt Inner.Outputs.Id] }
Conditions: { IsBad: !Equals [!Ref Other, bad] }
Outputs: { Inner: { Value: !Ref Inner } }`

test('a nested stack is made, updated, brought back and removed with the one around it', async () => {
  const { service, bench } = await nestedStacksWorld(new Map([['inner.yaml', network]]))
  await call(service, 'CreateStack', { StackName: 'outer', TemplateBody: outer })
  await bench.settle(3000)
  const made = await describe(service, 'outer')
  assert.equal(made.StackStatus, 'CREATE_COMPLETE')
  const inner = made.Outputs?.[0]?.OutputValue ?? ''
  const nested = await describe(service, inner)
  assert.equal(nested.ParentId, made.StackId)
  assert.equal(nested.RootId, made.StackId)
  assert.match(nested.StackName ?? '', /^outer-Inner-[A-Z0-9]{12}$/)

  const update = { StackName: 'outer', UsePreviousTemplate: true }
  const parametersOf = (values: Record<string, string>): object[] =>
    Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }))
  await call(service, 'UpdateStack', { ...update, Parameters: parametersOf({ Value: 'two' }) })
  await bench.settle(3000)
  assert.equal((await describe(service, 'outer')).StackStatus, 'UPDATE_COMPLETE')
  assert.equal((await describe(service, inner)).Outputs?.[0]?.OutputValue, 'two')

  const broken = parametersOf({ Value: 'three', Other: 'bad' })
  await call(service, 'UpdateStack', { ...update, Parameters: broken })
  await bench.settle(3000)
  await bench.settle(3000)
  assert.equal((await describe(service, 'outer')).StackStatus, 'UPDATE_ROLLBACK_COMPLETE')
  assert.equal((await describe(service, inner)).Outputs?.[0]?.OutputValue, 'two')

  const unmoved = parametersOf({ Value: 'two', Other: 'bad' })
  await call(service, 'UpdateStack', { ...update, Parameters: unmoved })
  await bench.settle(3000)
  await bench.settle(3000)
  assert.equal((await describe(service, inner)).Outputs?.[0]?.OutputValue, 'two')

  await call(service, 'DeleteStack', { StackName: 'outer' })
  await bench.settle(3000)
  assert.equal((await describe(service, inner)).StackStatus, 'DELETE_COMPLETE')
  assert.equal(bench.world.live.size, 0)
  assert.deepEqual(bench.world.violations, [])
})

test('a nested stack that fails fails the one around it, and nothing is left', async () => {
  const bad = network.replace('Default: one', 'Default: spoilt')
  const { service, bench } = await nestedStacksWorld(new Map([['inner.yaml', bad]]))
  const Parameters = [{ ParameterKey: 'Value', ParameterValue: 'spoilt' }]
  await call(service, 'CreateStack', { StackName: 'outer', TemplateBody: outer, Parameters })
  await bench.settle(3000)
  await bench.settle(3000)
  assert.equal((await describe(service, 'outer')).StackStatus, 'ROLLBACK_COMPLETE')
  assert.ok(
    (await bench.events('outer')).some((event) =>
      /Inner CREATE_FAILED .*was not successfully created: The following resource\(s\) failed to create: \[A\]/.test(
        event,
      ),
    ),
  )
  assert.equal(bench.world.live.size, 0)
})
