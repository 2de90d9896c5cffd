import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribeChangeSetCommandOutput } from '@aws-sdk/client-cloudformation'
import { call } from '../../testing/fake-request.ts'
import { stackBench, type StackBench } from '../../testing/stack-bench.ts'
import type { Service } from '../../wire/service.ts'
import { cloudformationService } from './index.ts'

const body = `
Resources:
  A: { Type: "Fake::Thing", Properties: { Value: one } }
  B: { Type: "Fake::Thing", Properties: { Value: two } }
  C: { Type: "Fake::Thing", Properties: { Needs: [!Ref B] } }`

async function face(): Promise<{ service: Service; bench: StackBench }> {
  const bench = await stackBench()
  const service = cloudformationService({ stacks: bench.stacks, takesRole: async () => true })
  await call(service, 'CreateStack', { StackName: 'shop', TemplateBody: body })
  await bench.settle()
  return { service, bench }
}

/** Another one's doing: the stack does not know of it. */
function changed({ world }: StackBench, logicalId: string, properties: object | undefined): void {
  const found = [...world.live.values()].find((each) => each.logicalId === logicalId)
  assert.ok(found)
  if (properties) found.properties = { ...found.properties, ...properties }
  else world.live.delete(found.id)
}

function valueOf({ world }: StackBench, logicalId: string): unknown {
  const all = [...world.live.values()].filter((each) => each.logicalId === logicalId)
  assert.equal(all.length, 1)
  return all[0]?.properties['Value']
}

const at = { StackName: 'shop', ChangeSetName: 'back' }

async function showing(service: Service, input: object): Promise<DescribeChangeSetCommandOutput> {
  const wish = { ...at, UsePreviousTemplate: true, DeploymentMode: 'REVERT_DRIFT', ...input }
  await call(service, 'CreateChangeSet', wish)
  return call(service, 'DescribeChangeSet', { ...at, IncludePropertyValues: true })
}

test('what was changed and what was deleted behind a stack is brought back', async () => {
  const { service, bench } = await face()
  changed(bench, 'A', { Value: 'other' })
  changed(bench, 'B', undefined)
  const shown = await showing(service, {})
  assert.equal(shown.DeploymentMode, 'REVERT_DRIFT')
  assert.equal(shown.StackDriftStatus, 'DRIFTED')
  const changes = (shown.Changes ?? []).map(({ ResourceChange: change }) => change)
  assert.deepEqual(
    changes.map((each) => [each?.LogicalResourceId, each?.Action, each?.ResourceDriftStatus]),
    [
      ['A', 'Modify', 'MODIFIED'],
      ['B', 'Add', 'DELETED'],
      ['C', 'Modify', 'IN_SYNC'],
    ],
  )
  const target = changes[0]?.Details?.[0]?.Target
  assert.deepEqual(
    [target?.BeforeValue, target?.AfterValue, target?.BeforeValueFrom],
    ['other', 'one', 'ACTUAL_STATE'],
  )
  await call(service, 'ExecuteChangeSet', at)
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
  assert.deepEqual([valueOf(bench, 'A'), valueOf(bench, 'B')], ['one', 'two'])
  await call(service, 'DeleteStack', { StackName: 'shop' })
  await bench.settle()
  assert.equal(bench.world.live.size, 0)
})

test('a stack without drift has nothing to revert, and a plain change set does not look', async () => {
  const { service, bench } = await face()
  const none = await showing(service, {})
  assert.match(none.StatusReason ?? '', /didn't contain changes/)
  assert.equal(none.StackDriftStatus, 'IN_SYNC')
  await call(service, 'DeleteChangeSet', at)
  changed(bench, 'A', { Value: 'other' })
  const plain = await showing(service, { DeploymentMode: undefined })
  assert.match(plain.StatusReason ?? '', /didn't contain changes/)
  assert.equal(plain.DeploymentMode, undefined)
})

test('a template that says what is there by now touches nothing, and the stack takes note', async () => {
  const { service, bench } = await face()
  changed(bench, 'A', { Value: 'other' })
  const before = bench.world.log.length
  const TemplateBody = body.replace('Value: one', 'Value: other')
  const shown = await showing(service, { UsePreviousTemplate: undefined, TemplateBody })
  assert.deepEqual(
    shown.Changes?.map(({ ResourceChange: change }) => change?.Action),
    ['SyncWithActual'],
  )
  await call(service, 'ExecuteChangeSet', at)
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'UPDATE_COMPLETE')
  assert.equal(bench.world.log.length, before)
  const again = { ...at, ChangeSetName: 'again', DeploymentMode: 'REVERT_DRIFT' }
  await call(service, 'CreateChangeSet', { ...again, UsePreviousTemplate: true })
  const { StackDriftStatus } = await call<DescribeChangeSetCommandOutput>(
    service,
    'DescribeChangeSet',
    { StackName: 'shop', ChangeSetName: 'again' },
  )
  assert.equal(StackDriftStatus, 'IN_SYNC')
})

test('a reverting update that fails goes back to what was there', async () => {
  const { service, bench } = await face()
  changed(bench, 'A', { Value: 'other' })
  const broken = body.replace('[!Ref B]', '[!Ref B, !Ref A], Value: bad, Fixed: 1')
  const wish = { UsePreviousTemplate: undefined, TemplateBody: broken }
  await showing(service, wish)
  await call(service, 'ExecuteChangeSet', at)
  await bench.settle()
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'UPDATE_ROLLBACK_COMPLETE')
  assert.equal(valueOf(bench, 'A'), 'other')
})

test('reverting drift is for updates of one stack', async () => {
  const { service } = await face()
  for (const more of [{ IncludeNestedStacks: true }, { ChangeSetType: 'CREATE' }]) {
    await assert.rejects(showing(service, more), /DeploymentMode REVERT_DRIFT can only/)
  }
  const other = showing(service, { DeploymentMode: 'SOMETHING' })
  await assert.rejects(other, /The parameter DeploymentMode of CreateChangeSet/)
})
