import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type {
  CreateChangeSetCommandOutput,
  CreateStackCommandOutput,
  DescribeChangeSetCommandOutput,
  DescribeStackEventsCommandOutput,
  DescribeStackResourceCommandOutput,
  DescribeStacksCommandOutput,
  GetTemplateCommandOutput,
  GetTemplateSummaryCommandOutput,
  ListStacksCommandOutput,
  ValidateTemplateCommandOutput,
} from '@aws-sdk/client-cloudformation'
import { AwsError } from '../../kernel/errors.ts'
import type { ObjectReader } from '../../objects/objects.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { call } from '../../testing/fake-request.ts'
import { fakeType, type FakeWorld } from '../../testing/fake-resource-types.ts'
import { stackBench, type StackBench } from '../../testing/stack-bench.ts'
import type { Service } from '../../wire/service.ts'
import { cloudformationService } from './index.ts'

async function face(
  options: Parameters<typeof stackBench>[0] = {},
): Promise<{ service: Service; bench: StackBench }> {
  const bench = await stackBench(options)
  return {
    service: cloudformationService({ stacks: bench.stacks, takesRole: async () => false }),
    bench,
  }
}

/** The code and message that a call is refused with. */
async function refusal(calling: Promise<unknown>): Promise<string> {
  try {
    await calling
  } catch (thrown) {
    if (thrown instanceof AwsError) return `${thrown.code}: ${thrown.message}`
    throw thrown
  }
  return 'no error'
}

const small = 'Resources: { A: { Type: "Fake::Thing", Properties: { Value: x } } }'

/** The first talk's instance, as the slides have it. */
const talk = JSON.stringify({
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'EC2 instance',
  Parameters: {
    KeyName: {
      Description: 'Name of an existing EC2 KeyPair',
      Type: 'AWS::EC2::KeyPair::KeyName',
      ConstraintDescription: 'must be the name of an existing EC2 KeyPair.',
    },
  },
  Mappings: {
    RegionMap: { 'us-east-1': { AMI: 'ami-76f0061f' }, 'us-west-1': { AMI: 'ami-655a0a20' } },
  },
  Resources: {
    Ec2Instance: {
      Type: 'AWS::EC2::Instance',
      Properties: {
        KeyName: { Ref: 'KeyName' },
        ImageId: { 'Fn::FindInMap': ['RegionMap', { Ref: 'AWS::Region' }, 'AMI'] },
        UserData: { 'Fn::Base64': '80' },
      },
    },
  },
  Outputs: {
    InstanceId: { Description: 'InstanceId of the new instance', Value: { Ref: 'Ec2Instance' } },
    AZ: { Value: { 'Fn::GetAtt': ['Ec2Instance', 'AvailabilityZone'] } },
    PublicIP: { Value: { 'Fn::GetAtt': ['Ec2Instance', 'PublicIp'] } },
  },
})

/** An instance that is a record: what the template hands over can be looked at. */
function instanceType(world: FakeWorld): ResourceType {
  const thing = fakeType(world, 'AWS::EC2::Instance')
  return {
    ...thing,
    properties: { KeyName: 'string', ImageId: 'string', UserData: 'string' },
    attributes: ['AvailabilityZone', 'PublicIp'],
    async create(properties, context) {
      const { physicalId } = await thing.create(properties, context)
      const attributes = { AvailabilityZone: 'us-east-1a', PublicIp: '52.1.2.3' }
      return { physicalId, attributes }
    },
  }
}

test('the instance of the first talk comes up, with its image by region and its outputs', async () => {
  const { service, bench } = await face({ types: (world) => [instanceType(world)] })
  await call(service, 'CreateStack', {
    StackName: 'talk',
    TemplateBody: talk,
    Parameters: [{ ParameterKey: 'KeyName', ParameterValue: 'my-key' }],
  })
  await bench.settle()
  const { Stacks } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', {
    StackName: 'talk',
  })
  const [instance] = [...bench.world.live.values()]
  assert.equal(Stacks?.[0]?.StackStatus, 'CREATE_COMPLETE')
  assert.deepEqual(instance?.properties, {
    KeyName: 'my-key',
    ImageId: 'ami-76f0061f',
    UserData: 'ODA=',
  })
  assert.deepEqual(Stacks?.[0]?.Outputs, [
    {
      OutputKey: 'InstanceId',
      OutputValue: instance?.id,
      Description: 'InstanceId of the new instance',
    },
    { OutputKey: 'AZ', OutputValue: 'us-east-1a' },
    { OutputKey: 'PublicIP', OutputValue: '52.1.2.3' },
  ])
})

test('a key pair that does not exist, and one that is not named, are refused before anything is made', async () => {
  const { service, bench } = await face({ types: (world) => [instanceType(world)] })
  const create = { StackName: 'talk', TemplateBody: talk }
  assert.equal(
    await refusal(call(service, 'CreateStack', create)),
    'ValidationError: Parameters: [KeyName] must have values',
  )
  const Parameters = [{ ParameterKey: 'KeyName', ParameterValue: 'other' }]
  assert.equal(
    await refusal(call(service, 'CreateStack', { ...create, Parameters })),
    'ValidationError: Parameter validation failed: parameter value other for parameter name KeyName does not exist',
  )
  assert.equal(bench.world.live.size, 0)
})

test('absent stacks are answered in the words that clients look for', async () => {
  const { service } = await face()
  const StackName = 'none'
  const words: readonly (readonly [string, object, string])[] = [
    ['DescribeStacks', { StackName }, 'Stack with id none does not exist'],
    ['DescribeStackEvents', { StackName }, 'Stack [none] does not exist'],
    ['GetTemplate', { StackName }, 'Stack with id none does not exist'],
    ['UpdateStack', { StackName, TemplateBody: small }, 'Stack [none] does not exist'],
    ['DescribeStackResource', { StackName, LogicalResourceId: 'A' }, "Stack 'none' does not exist"],
  ]
  for (const [operation, input, message] of words) {
    assert.equal(await refusal(call(service, operation, input)), `ValidationError: ${message}`)
  }
  await call(service, 'DeleteStack', { StackName })
})

test('events are listed newest first, in pages that neither repeat nor leave out', async () => {
  const { service, bench } = await face()
  const many = Array.from({ length: 45 }, (_, i) => `  R${i}: { Type: Fake::Thing }`).join('\n')
  await call(service, 'CreateStack', { StackName: 'many', TemplateBody: `Resources:\n${many}` })
  await bench.settle()
  const ids: (string | undefined)[] = []
  let NextToken: string | undefined
  do {
    const page: DescribeStackEventsCommandOutput = await call(service, 'DescribeStackEvents', {
      StackName: 'many',
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    ids.push(...(page.StackEvents ?? []).map(({ EventId }) => EventId))
    if (NextToken === undefined) {
      assert.equal(page.StackEvents?.[0]?.ResourceStatus, 'CREATE_COMPLETE')
      assert.equal(page.StackEvents?.[0]?.LogicalResourceId, 'many')
    }
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  assert.equal(ids.length, 45 * 3 + 2)
  assert.equal(new Set(ids).size, ids.length)
})

test('a change set shows what it will do, does it, and an empty one fails with the known words', async () => {
  const { service, bench } = await face()
  const at = { StackName: 'cs', ChangeSetName: 'first' }
  const made = await call<CreateChangeSetCommandOutput>(service, 'CreateChangeSet', {
    ...at,
    ChangeSetType: 'CREATE',
    TemplateBody: small,
  })
  assert.match(made.Id ?? '', /^arn:aws:cloudformation:us-east-1:000000000000:changeSet\/first\//)
  assert.equal((await bench.find('cs')).status, 'REVIEW_IN_PROGRESS')
  await call(service, 'ExecuteChangeSet', at)
  await bench.settle()
  assert.equal((await bench.find('cs')).status, 'CREATE_COMPLETE')

  const next = { StackName: 'cs', ChangeSetName: 'empty' }
  await call(service, 'CreateChangeSet', { ...next, TemplateBody: small })
  const empty = await call<DescribeChangeSetCommandOutput>(service, 'DescribeChangeSet', next)
  assert.equal(empty.Status, 'FAILED')
  assert.equal(
    empty.StatusReason,
    "The submitted information didn't contain changes. Submit different information to create a change set.",
  )
  assert.match(
    await refusal(call(service, 'ExecuteChangeSet', next)),
    /^InvalidChangeSetStatusException/,
  )

  const last = { StackName: 'cs', ChangeSetName: 'last' }
  const body = `
Resources:
  A: { Type: "Fake::Thing", Properties: { Value: x, Fixed: y } }
  B: { Type: "Fake::Thing", Properties: { Needs: [!Ref A] } }`
  await call(service, 'CreateChangeSet', { ...last, TemplateBody: body })
  const shown = await call<DescribeChangeSetCommandOutput>(service, 'DescribeChangeSet', last)
  assert.deepEqual(
    shown.Changes?.map(({ ResourceChange: change }) => [
      change?.Action,
      change?.LogicalResourceId,
      change?.Replacement,
    ]),
    [
      ['Modify', 'A', 'True'],
      ['Add', 'B', undefined],
    ],
  )
  await call(service, 'ExecuteChangeSet', last)
  await bench.settle()
  assert.equal((await bench.find('cs')).status, 'UPDATE_COMPLETE')
  assert.equal(bench.world.live.size, 2)
  assert.deepEqual(bench.world.violations, [])
})

test('a change set of a broken template leaves no stack behind', async () => {
  const { service, bench } = await face()
  const change = { StackName: 'x', ChangeSetName: 'c', ChangeSetType: 'CREATE', TemplateBody: '{' }
  assert.match(await refusal(call(service, 'CreateChangeSet', change)), /JSON not well-formed/)
  await assert.rejects(bench.find('x'))
})

test('capabilities are asked for where a type needs them', async () => {
  const role = (world: FakeWorld): ResourceType => ({
    ...fakeType(world, 'Fake::Role'),
    capability: { nameProperty: 'Value' },
  })
  const { service } = await face({ types: (world) => [role(world)] })
  const TemplateBody = 'Resources: { R: { Type: "Fake::Role" } }'
  const create = { StackName: 'iam', TemplateBody }
  assert.equal(
    await refusal(call(service, 'CreateStack', create)),
    'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]',
  )
  const summary = await call<GetTemplateSummaryCommandOutput>(service, 'GetTemplateSummary', {
    TemplateBody,
  })
  assert.deepEqual(summary.Capabilities, ['CAPABILITY_IAM'])
  const named = 'Resources: { R: { Type: "Fake::Role", Properties: { Value: boss } } }'
  assert.match(
    await refusal(
      call(service, 'CreateStack', {
        ...create,
        TemplateBody: named,
        Capabilities: ['CAPABILITY_IAM'],
      }),
    ),
    /CAPABILITY_NAMED_IAM/,
  )
  await call(service, 'CreateStack', { ...create, Capabilities: ['CAPABILITY_NAMED_IAM'] })
})

test('members that are not honoured are refused by name', async () => {
  const { service } = await face()
  const create = { StackName: 's', TemplateBody: small }
  const refused: readonly object[] = [
    { DeploymentConfig: { Mode: 'EXPRESS' } },
    { StackPolicyURL: 'http://127.0.0.1/policy' },
    { RollbackConfiguration: { RollbackTriggers: [{ Arn: 'a', Type: 't' }] } },
  ]
  for (const member of refused) {
    const [name = ''] = Object.keys(member)
    const message = await refusal(call(service, 'CreateStack', { ...create, ...member }))
    assert.match(message, new RegExp(`^ValidationError: The parameter ${name}`))
  }
})

test('a role that CloudFormation may not take is refused, and one that it may is shown', async () => {
  const bench = await stackBench()
  const good = 'arn:aws:iam::000000000000:role/good'
  const takesRole = async (_scope: unknown, arn: string) => arn === good
  const service = cloudformationService({ stacks: bench.stacks, takesRole })
  const create = { StackName: 's', TemplateBody: small }
  const bad = { ...create, RoleARN: 'arn:aws:iam::000000000000:role/bad' }
  assert.match(
    await refusal(call(service, 'CreateStack', bad)),
    /role\/bad is invalid or cannot be/,
  )
  await call(service, 'CreateStack', { ...create, RoleARN: good })
  const { Stacks = [] } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', {})
  assert.equal(Stacks[0]?.RoleARN, good)
})

test('a template is read from a bucket of this endpoint, up to its size', async () => {
  const objects: ObjectReader = {
    head: async () => undefined,
    read: async (_scope, { bucket, key }) =>
      bucket === 'b'
        ? {
            view: {
              bucket,
              key,
              size: key === 'large' ? 2_000_000 : small.length,
              etag: '',
              versionId: undefined,
              lastModified: 0,
            },
            body: Readable.from([Buffer.from(small)]),
          }
        : undefined,
  }
  const { service, bench } = await face({ objects })
  const create = (TemplateURL: string): Promise<CreateStackCommandOutput> =>
    call(service, 'CreateStack', { StackName: 'url', TemplateURL })
  assert.match(
    await refusal(create('https://example.com/t')),
    /TemplateURL must be a supported URL/,
  )
  assert.match(await refusal(create('http://127.0.0.1:4566/none/t')), /S3 error/)
  assert.match(await refusal(create('http://127.0.0.1:4566/b/large')), /may not exceed/)
  await create('http://127.0.0.1:4566/b/dir/t.yaml')
  await bench.settle()
  assert.equal((await bench.find('url')).status, 'CREATE_COMPLETE')
  const body = ' '.repeat(51_201)
  assert.match(
    await refusal(call(service, 'CreateStack', { StackName: 'large', TemplateBody: body })),
    /less than or equal to 51200/,
  )
})

test('templates are given back as they were, and resources with their metadata', async () => {
  const { service, bench } = await face()
  const TemplateBody = `# kept
Parameters: { P: { Type: String, Default: secret, NoEcho: true } }
Resources: { A: { Type: "Fake::Thing", Metadata: { Name: !Ref "AWS::StackName" } } }`
  await call(service, 'CreateStack', { StackName: 'back', TemplateBody })
  await bench.settle()
  const at = { StackName: 'back' }
  const template = await call<GetTemplateCommandOutput>(service, 'GetTemplate', at)
  assert.equal(template.TemplateBody, TemplateBody)
  const { StackResourceDetail } = await call<DescribeStackResourceCommandOutput>(
    service,
    'DescribeStackResource',
    { ...at, LogicalResourceId: 'A' },
  )
  assert.equal(StackResourceDetail?.Metadata, '{"Name":"back"}')
  const { Stacks } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', at)
  assert.deepEqual(Stacks?.[0]?.Parameters, [{ ParameterKey: 'P', ParameterValue: '****' }])
  const valid = await call<ValidateTemplateCommandOutput>(service, 'ValidateTemplate', {
    TemplateBody,
  })
  assert.deepEqual(valid.Parameters, [{ ParameterKey: 'P', DefaultValue: 'secret', NoEcho: true }])
})

test('deleted stacks are listed by their status, and described by their id alone', async () => {
  const { service, bench } = await face()
  const { StackId } = await call<CreateStackCommandOutput>(service, 'CreateStack', {
    StackName: 'gone',
    TemplateBody: small,
  })
  await bench.settle()
  await call(service, 'DeleteStack', { StackName: 'gone' })
  await bench.settle()
  const listed = await call<ListStacksCommandOutput>(service, 'ListStacks', {
    StackStatusFilter: ['DELETE_COMPLETE'],
  })
  assert.deepEqual(
    listed.StackSummaries?.map((stack) => stack.StackId),
    [StackId],
  )
  assert.equal(
    await refusal(call(service, 'DescribeStacks', { StackName: 'gone' })),
    'ValidationError: Stack with id gone does not exist',
  )
  const byId = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', {
    StackName: StackId,
  })
  assert.equal(byId.Stacks?.[0]?.StackStatus, 'DELETE_COMPLETE')
})
