import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribeChangeSetCommandOutput, ResourceChange } from '@aws-sdk/client-cloudformation'
import { call } from '../../testing/fake-request.ts'
import { stackBench, type StackBench } from '../../testing/stack-bench.ts'
import type { Service } from '../../wire/service.ts'
import { cloudformationService } from './index.ts'

const body = `
Parameters:
  Name: { Type: String, Default: one }
  Secret: { Type: String, Default: hush, NoEcho: true }
Resources:
  A: { Type: "Fake::Thing", Properties: { Fixed: !Ref Name, Value: !Ref Secret } }
  B: { Type: "Fake::Thing", Properties: { Value: still, Needs: [!Ref A] } }
  C: { Type: "Fake::Thing", Properties: { Fixed: !GetAtt B.Value, Value: plain } }
  D: { Type: "Fake::Thing", Properties: { Value: gone }, DeletionPolicy: Retain }`

async function face(): Promise<{ service: Service; bench: StackBench }> {
  const bench = await stackBench()
  const service = cloudformationService({ stacks: bench.stacks, takesRole: async () => true })
  await call(service, 'CreateStack', { StackName: 'shop', TemplateBody: body })
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'CREATE_COMPLETE')
  return { service, bench }
}

async function changesOf(service: Service, input: object): Promise<readonly ResourceChange[]> {
  const at = { StackName: 'shop', ChangeSetName: 'next' }
  await call(service, 'CreateChangeSet', { ...at, ...input })
  const shown = await call<DescribeChangeSetCommandOutput>(service, 'DescribeChangeSet', {
    ...at,
    IncludePropertyValues: true,
  })
  return (shown.Changes ?? []).flatMap(({ ResourceChange: change }) => change ?? [])
}

const parameter = (ParameterKey: string, ParameterValue: string): object => ({
  Parameters: [{ ParameterKey, ParameterValue }],
})

test('a change set names the parameter behind a change, and the resources that may change with it', async () => {
  const { service } = await face()
  const [a, b, c] = await changesOf(service, {
    UsePreviousTemplate: true,
    ...parameter('Name', 'two'),
  })
  const target = { Attribute: 'Properties', Name: 'Fixed', RequiresRecreation: 'Always' }
  const values = { Path: '/Properties/Fixed', BeforeValue: 'one', AfterValue: 'two' }
  const Target = { ...target, ...values, AttributeChangeType: 'Modify' }
  assert.deepEqual(
    [a?.Replacement, a?.PolicyAction, a?.Scope],
    [...['True', 'ReplaceAndDelete'], ['Properties']],
  )
  assert.deepEqual(a?.Details, [
    { Target, Evaluation: 'Dynamic', ChangeSource: 'DirectModification' },
    {
      ...{ Target, Evaluation: 'Static', ChangeSource: 'ParameterReference' },
      CausingEntity: 'Name',
    },
  ])
  assert.equal(b?.Replacement, 'False')
  assert.deepEqual(
    b?.Details?.map((each) => [each.Evaluation, each.ChangeSource, each.CausingEntity]),
    [['Dynamic', 'ResourceReference', 'A']],
  )
  assert.equal(b?.Details?.[0]?.Target?.AfterValue, '["{{changeSet:KNOWN_AFTER_APPLY}}"]')
  assert.equal(c?.Replacement, 'Conditional')
  assert.deepEqual(
    c?.Details?.map((each) => [each.Evaluation, each.ChangeSource, each.CausingEntity]),
    [['Dynamic', 'ResourceAttribute', 'B.Value']],
  )
  assert.equal(c?.Details?.[0]?.Target?.RequiresRecreation, 'Always')
})

test('what is written anew is a direct modification; a secret shows as stars, before and after', async () => {
  const { service } = await face()
  const TemplateBody = body
    .replace('Value: plain', 'Count: 2')
    .replace(/\n {2}D:.*/, '\n  E: { Type: "Fake::Thing", Properties: { Value: new } }')
  const changes = await changesOf(service, { TemplateBody, ...parameter('Secret', 'other') })
  const by = (id: string): ResourceChange | undefined =>
    changes.find(({ LogicalResourceId }) => LogicalResourceId === id)
  assert.equal(JSON.stringify(changes).includes('hush'), false)
  assert.equal(by('A')?.Details?.[0]?.Target?.BeforeValue, '****')
  assert.equal(by('A')?.BeforeContext, '{"Properties":{"Fixed":"one","Value":"****"}}')
  assert.deepEqual(
    by('C')?.Details?.map(({ Target, ChangeSource }) => [
      ...[Target?.Name, Target?.AttributeChangeType, ChangeSource],
      ...[Target?.BeforeValue, Target?.AfterValue],
    ]),
    [
      ['Count', 'Add', 'DirectModification', undefined, '2'],
      ['Value', 'Remove', 'DirectModification', 'plain', undefined],
    ],
  )
  assert.deepEqual([by('D')?.Action, by('D')?.PolicyAction], ['Remove', 'Retain'])
  assert.deepEqual(
    [by('E')?.Action, by('E')?.AfterContext],
    [...['Add', '{"Properties":{"Value":"new"}}']],
  )
})

test('new tags of a stack are a change of its resources, reach them, and are taken back by a rollback', async () => {
  const { service, bench } = await face()
  const Tags = [{ Key: 'team', Value: 'blue' }]
  const changes = await changesOf(service, { UsePreviousTemplate: true, Tags })
  assert.deepEqual(
    changes.map(({ LogicalResourceId, Scope }) => [LogicalResourceId, Scope]),
    ['A', 'B', 'C', 'D'].map((id) => [id, ['Tags']]),
  )
  const teams = (): readonly (string | undefined)[] =>
    [...bench.world.live.values()].map(({ tags }) => tags.find(({ Key }) => Key === 'team')?.Value)
  await call(service, 'ExecuteChangeSet', { StackName: 'shop', ChangeSetName: 'next' })
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
  assert.deepEqual(teams(), ['blue', 'blue', 'blue', 'blue'])

  const TemplateBody = body.replace('Value: plain', 'Value: bad')
  const other = [{ Key: 'team', Value: 'red' }]
  await call(service, 'UpdateStack', { StackName: 'shop', TemplateBody, Tags: other })
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_COMPLETE')
  assert.deepEqual(teams(), ['blue', 'blue', 'blue', 'blue'])
})
