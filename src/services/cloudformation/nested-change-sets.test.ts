import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  CreateChangeSetCommandOutput,
  DescribeChangeSetCommandOutput,
  DescribeStacksCommandOutput,
  GetTemplateCommandOutput,
} from '@aws-sdk/client-cloudformation'
import { call } from '../../testing/fake-request.ts'
import { nestedStacksWorld } from '../../testing/nested-stacks-world.ts'
import type { StackBench } from '../../testing/stack-bench.ts'
import type { Service } from '../../wire/service.ts'

const url = 'http://127.0.0.1:4566/b'

/** A stack of a network, and of an application that holds one more stack. */
const outer = `
Parameters: { Value: { Type: String, Default: one }, Port: { Type: Number, Default: 80 } }
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: ${url}/net, Parameters: { Value: !Ref Value } }
  App:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ${url}/app
      Parameters: { Net: !GetAtt Net.Outputs.Id, Port: !Ref Port }`

const net = `
Parameters: { Value: { Type: String } }
Resources: { A: { Type: "Fake::Thing", Properties: { Fixed: !Ref Value } } }
Outputs: { Id: { Value: !Ref A } }`

const app = `
Parameters:
  Net: { Type: String, AllowedPattern: 'a-.*' }
  Port: { Type: Number }
Resources:
  B: { Type: "Fake::Thing", Properties: { Value: !Ref Net, Count: !Ref Port } }
  Deep: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${url}/deep } }`

const deep = `
Resources: { C: { Type: "Fake::Thing", Properties: { Value: still } } }`

async function face() {
  const templates = new Map([
    ['net', net],
    ['app', app],
    ['deep', deep],
  ])
  return { ...(await nestedStacksWorld(templates)), templates }
}

async function showing(service: Service, input: object): Promise<DescribeChangeSetCommandOutput> {
  const { Id } = await call<CreateChangeSetCommandOutput>(service, 'CreateChangeSet', {
    StackName: 'outer',
    ChangeSetName: 'next',
    IncludeNestedStacks: true,
    ...input,
  })
  return described(service, Id)
}

function described(
  service: Service,
  id: string | undefined,
): Promise<DescribeChangeSetCommandOutput> {
  return call(service, 'DescribeChangeSet', { ChangeSetName: id, IncludePropertyValues: true })
}

/** `Add Net`, with the change sets of those that are stacks. */
function changesOf(shown: DescribeChangeSetCommandOutput): Map<string, string | undefined> {
  return new Map(
    (shown.Changes ?? []).map(({ ResourceChange: change }) => [
      `${change?.Action} ${change?.LogicalResourceId}`,
      change?.ChangeSetId,
    ]),
  )
}

async function made(service: Service, bench: StackBench): Promise<void> {
  await call(service, 'CreateStack', { StackName: 'outer', TemplateBody: outer })
  await bench.settle(9000)
  await bench.settle(9000)
  assert.equal((await bench.find('outer')).status, 'CREATE_COMPLETE')
}

async function livingStacks(service: Service): Promise<string[]> {
  const { Stacks = [] } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', {})
  return Stacks.map(({ StackName = '', StackStatus }) => {
    const [name] = StackName.split(/-[A-Z0-9]{12}$/)
    return `${name} ${StackStatus}`
  }).toSorted()
}

test('a new stack is shown with the stacks inside it, and made as it was shown', async () => {
  const { service, bench, templates } = await face()
  const root = await showing(service, { ChangeSetType: 'CREATE', TemplateBody: outer })
  assert.equal(root.StatusReason, undefined)
  assert.equal(root.IncludeNestedStacks, true)
  assert.equal(root.RootChangeSetId, undefined)
  const changes = changesOf(root)
  assert.deepEqual([...changes.keys()], ['Add App', 'Add Net'])
  const shownApp = await described(service, changes.get('Add App'))
  assert.match(shownApp.ChangeSetName ?? '', /^next-App-[A-Z0-9]{12}$/)
  assert.equal(shownApp.ParentChangeSetId, root.ChangeSetId)
  assert.equal(shownApp.RootChangeSetId, root.ChangeSetId)
  assert.deepEqual(
    shownApp.Parameters?.map(({ ParameterValue }) => ParameterValue),
    ['{{changeSet:KNOWN_AFTER_APPLY}}', '80'],
  )
  const shownDeep = await described(service, changesOf(shownApp).get('Add Deep'))
  assert.equal(shownDeep.ParentChangeSetId, shownApp.ChangeSetId)
  assert.equal(shownDeep.RootChangeSetId, root.ChangeSetId)
  assert.deepEqual([...changesOf(shownDeep).keys()], ['Add C'])
  assert.deepEqual(await livingStacks(service), [
    ...['outer REVIEW_IN_PROGRESS', 'outer-App REVIEW_IN_PROGRESS'],
    ...[`outer-App-${shownApp.StackName?.slice(-12)}-Deep REVIEW_IN_PROGRESS`],
    'outer-Net REVIEW_IN_PROGRESS',
  ])
  for (const operation of ['ExecuteChangeSet', 'DeleteChangeSet']) {
    const alone = call(service, operation, { ChangeSetName: shownApp.ChangeSetId })
    await assert.rejects(alone, /is a nested change set: it can only be/)
  }

  templates.set('deep', deep.replace('still', 'other than what was shown'))
  await call(service, 'ExecuteChangeSet', { ChangeSetName: root.ChangeSetId })
  await bench.settle(9000)
  await bench.settle(9000)
  assert.equal((await bench.find('outer')).status, 'CREATE_COMPLETE')
  const values = [...bench.world.live.values()].map(({ properties }) => properties['Value'])
  assert.ok(values.includes('still'), 'what was shown was made')
  assert.equal((await bench.find(shownApp.StackId ?? '')).status, 'CREATE_COMPLETE')
  const after = await described(service, shownDeep.ChangeSetId)
  assert.equal(after.ExecutionStatus, 'EXECUTE_COMPLETE')
})

test('an update shows the stacks that change, leaves out those that do not, and goes as shown', async () => {
  const { service, bench, templates } = await face()
  await made(service, bench)
  const same = await showing(service, { TemplateBody: outer })
  assert.match(same.StatusReason ?? '', /didn't contain changes/)
  await call(service, 'DeleteChangeSet', { ChangeSetName: same.ChangeSetId })

  const Parameters = [{ ParameterKey: 'Port', ParameterValue: '81' }]
  const root = await showing(service, { TemplateBody: outer, Parameters })
  const changes = changesOf(root)
  assert.deepEqual([...changes.keys()], ['Modify App'])
  const shown = await described(service, changes.get('Modify App'))
  assert.deepEqual([...changesOf(shown).keys()], ['Modify B'])
  templates.set('app', app.replace('Count: !Ref Port', 'Count: 99'))
  await call(service, 'ExecuteChangeSet', { ChangeSetName: root.ChangeSetId })
  await bench.settle(9000)
  await bench.settle(9000)
  const b = [...bench.world.live.values()].find(({ logicalId }) => logicalId === 'B')
  assert.equal(String(b?.properties['Count']), '81')

  await call(service, 'UpdateStack', { StackName: 'outer', TemplateBody: outer, Parameters })
  await bench.settle(9000)
  await bench.settle(9000)
  const later = [...bench.world.live.values()].find(({ logicalId }) => logicalId === 'B')
  assert.equal(String(later?.properties['Count']), '99', 'a direct update reads the template')
})

test('a nested stack that was updated on its own makes the family obsolete', async () => {
  const { service, bench } = await face()
  await made(service, bench)
  const Parameters = [{ ParameterKey: 'Port', ParameterValue: '81' }]
  const root = await showing(service, { TemplateBody: outer, Parameters })
  const shown = await described(service, changesOf(root).get('Modify App'))
  await call(service, 'UpdateStack', {
    StackName: shown.StackId,
    UsePreviousTemplate: true,
    Parameters: [
      { ParameterKey: 'Net', UsePreviousValue: true },
      { ParameterKey: 'Port', ParameterValue: '82' },
    ],
  })
  await bench.settle(9000)
  const late = call(service, 'ExecuteChangeSet', { ChangeSetName: root.ChangeSetId })
  await assert.rejects(late, /cannot be executed in its current status of \[OBSOLETE\]/)
})

test('a nested change set that fails fails its root, and all go with the root', async () => {
  const { service, bench, templates } = await face()
  templates.set('deep', 'Resources: { C: { Type: "Fake::Unknown" } }')
  const root = await showing(service, { ChangeSetType: 'CREATE', TemplateBody: outer })
  assert.equal(root.Status, 'FAILED')
  assert.match(
    root.StatusReason ?? '',
    /^Nested change set arn:aws:.*:changeSet\/next-App-[A-Z0-9]{12}\/[-0-9a-f]+ was not successfully created: Currently in FAILED\.$/,
  )
  const execute = call(service, 'ExecuteChangeSet', { ChangeSetName: root.ChangeSetId })
  await assert.rejects(execute, /current status of \[FAILED\]/)
  await call(service, 'DeleteChangeSet', { ChangeSetName: root.ChangeSetId })
  await bench.settle()
  assert.deepEqual(await livingStacks(service), ['outer REVIEW_IN_PROGRESS'])

  templates.set('deep', deep)
  await showing(service, { ChangeSetType: 'CREATE', TemplateBody: outer })
  await call(service, 'DeleteStack', { StackName: 'outer' })
  await bench.settle()
  assert.deepEqual(await livingStacks(service), [])
})

test('a stack that cannot be deleted yet keeps the stacks that its change set shows', async () => {
  const { service, bench } = await face()
  const exporting = `${deep}
Outputs: { O: { Value: !Ref C, Export: { Name: shared } } }`
  await call(service, 'CreateStack', { StackName: 'outer', TemplateBody: exporting })
  const importing = deep.replace('still', '!ImportValue shared')
  await bench.settle()
  await call(service, 'CreateStack', { StackName: 'user', TemplateBody: importing })
  await bench.settle()
  const inner = `Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${url}/deep } }`
  const TemplateBody = exporting.replace('Resources: {', `Resources: { ${inner},`)
  const shown = await showing(service, { TemplateBody })
  assert.deepEqual([...changesOf(shown).keys()], ['Add Inner'])
  await call(service, 'DeleteStack', { StackName: 'outer' })
  await bench.settle()
  assert.ok((await livingStacks(service)).includes('outer-Inner REVIEW_IN_PROGRESS'))
  await call(service, 'ExecuteChangeSet', { ChangeSetName: shown.ChangeSetId })
  await bench.settle(9000)
  assert.equal((await bench.find('outer')).status, 'UPDATE_COMPLETE')
})

test('a stack is made directly over the ones that a change set only showed', async () => {
  const { service, bench } = await face()
  const first = { ChangeSetType: 'CREATE', TemplateBody: outer }
  await showing(service, first)
  const plain = { ...first, ChangeSetName: 'plain', IncludeNestedStacks: false }
  const { ChangeSetId } = await showing(service, plain)
  await call(service, 'ExecuteChangeSet', { ChangeSetName: ChangeSetId })
  await bench.settle(9000)
  await bench.settle(9000)
  assert.equal((await bench.find('outer')).status, 'CREATE_COMPLETE')
  const living = await livingStacks(service)
  assert.deepEqual(
    living.filter((line) => !line.endsWith(' CREATE_COMPLETE')),
    [],
  )
})

test('a change set of a template that only fits an object is shown and executed', async () => {
  const { service, bench, templates } = await face()
  const long = `Metadata: { Note: "${'x'.repeat(60_000)}" }\n${deep}`
  templates.set('long', long)
  const TemplateURL = `${url}/long`
  const { ChangeSetId } = await showing(service, { ChangeSetType: 'CREATE', TemplateURL })
  const at = { ChangeSetName: ChangeSetId }
  const { TemplateBody } = await call<GetTemplateCommandOutput>(service, 'GetTemplate', at)
  assert.equal(TemplateBody, long)
  await call(service, 'ExecuteChangeSet', at)
  await bench.settle()
  assert.equal((await bench.find('outer')).status, 'CREATE_COMPLETE')
})

test('an output that a nested stack gets in an update is used in the same update', async () => {
  const { service, bench, templates } = await face()
  await made(service, bench)
  templates.set('net', net.replace('!Ref A }', '!Ref A }, New: { Value: !GetAtt A.Arn }'))
  templates.set('app', app.replace('a-.*', '.*'))
  const next = outer.replace('Net.Outputs.Id', 'Net.Outputs.New')
  const shown = await showing(service, { TemplateBody: next })
  assert.equal(shown.StatusReason, undefined)
  await call(service, 'UpdateStack', { StackName: 'outer', TemplateBody: next })
  await bench.settle(9000)
  await bench.settle(9000)
  assert.equal((await bench.find('outer')).status, 'UPDATE_COMPLETE')
})

test('what a change set says of a failure holds when it is executed', async () => {
  const { service, bench } = await face()
  const TemplateBody = 'Resources: { A: { Type: "Fake::Thing", Properties: { Value: bad } } }'
  const wishes = { ChangeSetType: 'CREATE', TemplateBody, OnStackFailure: 'DELETE' }
  const shown = await showing(service, { ...wishes, IncludeNestedStacks: false })
  assert.equal(shown.OnStackFailure, 'DELETE')
  const at = { ChangeSetName: shown.ChangeSetId }
  const both = call(service, 'ExecuteChangeSet', { ...at, DisableRollback: true })
  await assert.rejects(both, /DisableRollback cannot be specified when OnStackFailure/)
  await call(service, 'ExecuteChangeSet', at)
  await bench.settle()
  assert.equal((await bench.find(shown.StackId ?? '')).status, 'DELETE_COMPLETE')
  const imports = { ChangeSetType: 'IMPORT', IncludeNestedStacks: false, OnStackFailure: 'DELETE' }
  await assert.rejects(showing(service, { TemplateBody, ...imports }), /not for changesets of type/)
  const update = showing(service, { TemplateBody, OnStackFailure: 'DELETE' })
  await assert.rejects(update, /only be specified for changesets of type CREATE/)
})
