import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { census } from '../harness/census.ts'
import { startPlatform, until, type Platform } from '../harness/platform.ts'

/** `EVENKEEL_SEEDS=20` for more rounds; each kills the server once in each operation, at another resource. */
const rounds = Number(process.env['EVENKEEL_SEEDS'] ?? 3)
const StackName = 'killed'

/** Thirty real resources: a network, groups and rules in it, queues, parameters, roles, topics. */
function template(version: number, isSpoilt = false): string {
  const resources: Record<string, object> = {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.20.0.0/16' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
  }
  for (let n = 0; n < 7; n++) {
    const GroupDescription = 'one of seven'
    const VpcId = { Ref: 'Vpc' }
    const Properties = { VpcId, CidrBlock: `10.20.${n}.0/24` }
    resources[`Subnet${n}`] = { Type: 'AWS::EC2::Subnet', Properties }
    const Tags = [{ Key: 'version', Value: `${version}` }]
    resources[`Group${n}`] = {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription, VpcId, Tags },
    }
    const behind = n === 0 ? {} : { DependsOn: `Queue${n - 1}` }
    const VisibilityTimeout = isSpoilt && n === 5 ? 999_999 : 30 + version
    resources[`Queue${n}`] = {
      Type: 'AWS::SQS::Queue',
      ...behind,
      Properties: { VisibilityTimeout, QueueName: `killed-${n}-${n % 3 === 0 ? version : 0}` },
    }
    resources[`Parameter${n}`] = {
      Type: 'AWS::SSM::Parameter',
      Properties: {
        Type: 'String',
        Value: { 'Fn::Sub': `\${Queue${n}.Arn} \${Subnet${n}} ${version}` },
      },
    }
  }
  const Outputs = { Last: { Value: { 'Fn::GetAtt': ['Parameter6', 'Value'] } } }
  return JSON.stringify({ Resources: resources, Outputs })
}

describe('a server that is killed at any resource of a stack', () => {
  let platform: Platform
  let stacks: CloudFormationClient
  let sqs: SQSClient
  const random = seededRandom(Number(process.env['EVENKEEL_SEED'] ?? 1))

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    stacks = new CloudFormationClient({ endpoint, credentials, region: 'us-east-1' })
    sqs = new SQSClient({ endpoint, credentials, region: 'us-east-1' })
  })
  after(async () => {
    stacks?.destroy()
    sqs?.destroy()
    await platform?.stop()
  })

  async function eventCount(stackId: string): Promise<number> {
    const { StackEvents = [] } = await stacks.send(
      new DescribeStackEventsCommand({ StackName: stackId }),
    )
    return StackEvents.length
  }

  /** Kills the server when so many more events were written, or the operation is over. The status when the stack rests. */
  async function killedAfter(stackId: string, events: number): Promise<string> {
    const before = await eventCount(stackId)
    await until('the moment has come', async () => {
      if ((await eventCount(stackId)) >= before + events) return true
      return !(await statusOf(stackId)).endsWith('_IN_PROGRESS')
    })
    process.kill(platform.pid(), 'SIGKILL')
    await platform.up()
    return until('the stack rests', async () => {
      const status = await statusOf(stackId)
      return status.endsWith('_IN_PROGRESS') ? undefined : status
    })
  }

  async function statusOf(stackId: string): Promise<string> {
    const { Stacks: [stack] = [] } = await stacks.send(
      new DescribeStacksCommand({ StackName: stackId }),
    )
    return stack?.StackStatus ?? ''
  }

  async function queues(): Promise<readonly string[]> {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}))
    return QueueUrls.map((url) => url.split('/').at(-1) ?? '').toSorted((a, b) => (a < b ? -1 : 1))
  }

  const queuesOf = (version: number): readonly string[] =>
    [0, 1, 2, 3, 4, 5, 6].map((n) => `killed-${n}-${n % 3 === 0 ? version : 0}`)

  async function isWhole(stackId: string): Promise<void> {
    const { StackResources = [] } = await stacks.send(
      new DescribeStackResourcesCommand({ StackName: stackId }),
    )
    assert.equal(StackResources.length, 30)
    const ids = new Set(StackResources.map(({ PhysicalResourceId }) => PhysicalResourceId))
    assert.equal(ids.size, 30)
  }

  async function around(): Promise<object> {
    const { 'cloudformation ListStacks': _, ...others } = await census(platform)
    return others
  }

  it(`leaves it whole, undone or gone, ${rounds} times over`, async () => {
    const clean = await around()
    for (let round = 0; round < rounds; round++) {
      const create = { StackName, TemplateBody: template(1) }
      const { StackId = '' } = await stacks.send(new CreateStackCommand(create))
      assert.equal(await killedAfter(StackId, random.below(90)), 'CREATE_COMPLETE')
      await isWhole(StackId)
      assert.deepEqual(await queues(), queuesOf(1))
      const spoilt = { StackName, TemplateBody: template(2, true) }
      await stacks.send(new UpdateStackCommand(spoilt))
      assert.equal(await killedAfter(StackId, random.below(60)), 'UPDATE_ROLLBACK_COMPLETE')
      await isWhole(StackId)
      assert.deepEqual(await queues(), queuesOf(1))
      const update = { StackName, TemplateBody: template(3) }
      await stacks.send(new UpdateStackCommand(update))
      assert.equal(await killedAfter(StackId, random.below(60)), 'UPDATE_COMPLETE')
      await isWhole(StackId)
      assert.deepEqual(await queues(), queuesOf(3))
      await stacks.send(new DeleteStackCommand({ StackName }))
      assert.equal(await killedAfter(StackId, random.below(60)), 'DELETE_COMPLETE')
      assert.deepEqual(await around(), clean)
      assert.deepEqual(await queues(), [])
    }
  })
})
