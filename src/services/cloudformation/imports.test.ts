import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  DescribeChangeSetCommandOutput,
  DescribeStackEventsCommandOutput,
  DescribeStackResourcesCommandOutput,
  DescribeStacksCommandOutput,
  GetTemplateSummaryCommandOutput,
} from '@aws-sdk/client-cloudformation'
import { call } from '../../testing/fake-request.ts'
import { stackBench, type StackBench } from '../../testing/stack-bench.ts'
import type { Service } from '../../wire/service.ts'
import { cloudformationService } from './index.ts'

interface World {
  readonly service: Service
  readonly bench: StackBench
  /** The id of the resource that nobody's stack has. */
  readonly loose: string
}

const thing = (value: string, more = ''): string =>
  `{ Type: "Fake::Thing", ${more} Properties: { Value: ${value} } }`
const retained = 'DeletionPolicy: Retain,'

/** A resource that a deleted stack left behind. */
async function world(): Promise<World> {
  const bench = await stackBench()
  const service = cloudformationService({ stacks: bench.stacks, takesRole: async () => true })
  const TemplateBody = `Resources: { Loose: ${thing('one', retained)} }`
  await call(service, 'CreateStack', { StackName: 'first', TemplateBody })
  await bench.settle()
  const [loose] = [...bench.world.live.keys()]
  await call(service, 'DeleteStack', { StackName: 'first' })
  await bench.settle()
  assert.ok(loose)
  assert.equal(bench.world.live.size, 1)
  return { service, bench, loose }
}

function wish(id: string, LogicalResourceId = 'Taken', type = 'Fake::Thing'): object {
  return { LogicalResourceId, ResourceType: type, ResourceIdentifier: { Id: id } }
}

function propose(
  { service }: World,
  resources: string,
  wishes: readonly object[],
  more: object = {},
): Promise<unknown> {
  return call(service, 'CreateChangeSet', {
    StackName: 'second',
    ChangeSetName: 'take',
    ChangeSetType: 'IMPORT',
    TemplateBody: `Resources: { ${resources} }`,
    ResourcesToImport: wishes,
    ...more,
  })
}

async function shown({ service }: World): Promise<DescribeChangeSetCommandOutput> {
  return call(service, 'DescribeChangeSet', { StackName: 'second', ChangeSetName: 'take' })
}

async function statusOf({ service }: World): Promise<string | undefined> {
  const { Stacks } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', {
    StackName: 'second',
  })
  return Stacks?.[0]?.StackStatus
}

async function execute({ service, bench }: World): Promise<void> {
  await call(service, 'ExecuteChangeSet', { StackName: 'second', ChangeSetName: 'take' })
  await bench.settle()
}

test('a new stack takes over what is there, touches nothing, and deletes it like its own', async () => {
  const at = await world()
  const { service, bench, loose } = at
  const { ResourceIdentifierSummaries } = await call<GetTemplateSummaryCommandOutput>(
    service,
    'GetTemplateSummary',
    { TemplateBody: `Resources: { Taken: ${thing('one')} }` },
  )
  assert.deepEqual(ResourceIdentifierSummaries, [
    { ResourceType: 'Fake::Thing', LogicalResourceIds: ['Taken'], ResourceIdentifiers: ['Id'] },
  ])
  const log = bench.world.log.length
  await propose(at, `Taken: ${thing('one', 'DeletionPolicy: Delete,')}`, [wish(loose)])
  const changeSet = await shown(at)
  assert.equal(changeSet.Status, 'CREATE_COMPLETE')
  const { Action, PhysicalResourceId } = changeSet.Changes?.[0]?.ResourceChange ?? {}
  assert.deepEqual([Action, PhysicalResourceId], ['Import', loose])
  assert.equal(await statusOf(at), 'REVIEW_IN_PROGRESS')
  await execute(at)
  assert.equal(await statusOf(at), 'IMPORT_COMPLETE')
  assert.equal(bench.world.log.length, log, 'nothing was made or changed')
  const { StackResources } = await call<DescribeStackResourcesCommandOutput>(
    service,
    'DescribeStackResources',
    { StackName: 'second' },
  )
  const [taken] = StackResources ?? []
  assert.deepEqual([taken?.PhysicalResourceId, taken?.ResourceStatus], [loose, 'IMPORT_COMPLETE'])
  const { StackEvents } = await call<DescribeStackEventsCommandOutput>(
    service,
    'DescribeStackEvents',
    { StackName: 'second' },
  )
  assert.deepEqual(
    StackEvents?.map((event) => [event.ResourceStatus, event.ResourceStatusReason]).slice(0, 4),
    [
      ['IMPORT_COMPLETE', undefined],
      ['IMPORT_COMPLETE', 'Resource import completed.'],
      ['IMPORT_IN_PROGRESS', 'Resource import started.'],
      ['IMPORT_IN_PROGRESS', 'User Initiated'],
    ],
  )
  await call(service, 'DeleteStack', { StackName: 'second' })
  await bench.settle()
  assert.equal(bench.world.live.size, 0)
})

test('a stack takes something over and is updated from there', async () => {
  const at = await world()
  const { service, bench, loose } = at
  const own = `Own: ${thing('own')}`
  await call(service, 'CreateStack', {
    StackName: 'second',
    TemplateBody: `Resources: { ${own} }`,
  })
  await bench.settle()
  await propose(at, `${own}, Taken: ${thing('one', retained)}`, [wish(loose)])
  await execute(at)
  assert.equal(await statusOf(at), 'IMPORT_COMPLETE')
  const TemplateBody = `Resources: { ${own}, Taken: ${thing('two', retained)} }`
  await call(service, 'UpdateStack', { StackName: 'second', TemplateBody })
  await bench.settle()
  assert.equal(await statusOf(at), 'UPDATE_COMPLETE')
  assert.equal(bench.world.live.get(loose)?.properties['Value'], 'two')
  await call(service, 'DeleteStack', { StackName: 'second' })
  await bench.settle()
  assert.deepEqual([...bench.world.live.keys()], [loose], 'its template has it retained')
})

test('an import that is none, or wants more than to import, is refused and leaves no stack', async () => {
  const at = await world()
  const { loose } = at
  const taken = `Taken: ${thing('one', retained)}`
  const refusals: readonly (readonly [string, readonly object[], RegExp, object?])[] = [
    [taken, [], /ResourcesToImport is required/],
    [
      `Taken: ${thing('one')}`,
      [wish(loose)],
      /^The following resources to import \[Taken\] must have DeletionPolicy attribute specified in the template\.$/,
    ],
    [
      `${taken}, New: ${thing('x')}`,
      [wish(loose)],
      /^You have modified resources \[New\] in your template that are not being imported\./,
    ],
    [taken, [wish(loose, 'Other')], /\[Other\] to import are not in the template/],
    [taken, [wish(loose, 'Taken', 'Fake::Other')], /Taken is of type Fake::Thing in the template/],
    [taken, [{ ...wish(loose), ResourceIdentifier: { Name: loose } }], /is identified by \[Id\]/],
    [taken, [wish(loose), wish(loose)], /more than once/],
    [
      taken,
      [wish(loose)],
      /^As part of the import operation, you cannot modify or add \[Outputs\]$/,
      { TemplateBody: `Resources: { ${taken} }\nOutputs: { A: { Value: b } }` },
    ],
    [
      taken,
      [wish(loose)],
      /only be specified for changesets of type IMPORT/,
      { ChangeSetType: 'CREATE' },
    ],
  ]
  for (const [resources, wishes, message, more] of refusals) {
    await assert.rejects(propose(at, resources, wishes, more), { code: 'ValidationError', message })
  }
  await assert.rejects(statusOf(at), /Stack with id second does not exist/)
})

test("what is not there, or is a stack's already, fails the change set; what goes meanwhile, the import", async () => {
  const at = await world()
  const { service, bench, loose } = at
  const taken = `Taken: ${thing('one', retained)}`
  await propose(at, taken, [wish('thing-0')])
  const missing = await shown(at)
  assert.equal(missing.Status, 'FAILED')
  assert.match(missing.StatusReason ?? '', /identifier 'thing-0' was not found/)
  await call(service, 'DeleteChangeSet', { StackName: 'second', ChangeSetName: 'take' })
  await propose(at, taken, [wish(loose)])
  const held = bench.world.live.get(loose)
  assert.ok(held)
  bench.world.live.delete(loose)
  await execute(at)
  assert.equal(await statusOf(at), 'IMPORT_ROLLBACK_COMPLETE')
  bench.world.live.set(loose, held)
  await call(service, 'DeleteChangeSet', { StackName: 'second', ChangeSetName: 'take' })
  await propose(at, taken, [wish(loose)])
  await execute(at)
  assert.equal(await statusOf(at), 'IMPORT_COMPLETE')
  await propose(at, taken, [wish(loose)], { StackName: 'third' })
  const twice = await call<DescribeChangeSetCommandOutput>(service, 'DescribeChangeSet', {
    StackName: 'third',
    ChangeSetName: 'take',
  })
  assert.match(twice.StatusReason ?? '', /is already in stack .*stack\/second\//)
})
