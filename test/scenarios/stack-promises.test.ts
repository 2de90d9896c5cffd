import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
  waitUntilStackImportComplete,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import {
  CloudControlClient,
  CreateResourceCommand,
  DeleteResourceCommand,
  GetResourceCommand,
  GetResourceRequestStatusCommand,
  ListResourcesCommand,
  UpdateResourceCommand,
  waitUntilResourceRequestSuccess,
  type ProgressEvent,
} from '@aws-sdk/client-cloudcontrol'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { census } from '../harness/census.ts'
import { controlledTypes, type ControlledType } from '../harness/controlled-types.ts'
import { startMaker } from '../harness/maker.ts'
import { startPlatform, until, type Platform } from '../harness/platform.ts'

/** What people miss in other engines for these templates, one test each. */
describe('what a stack promises', () => {
  let platform: Platform
  let stacks: CloudFormationClient
  let sqs: SQSClient
  let s3: S3Client
  let control: CloudControlClient

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    const shared = { endpoint, credentials, region: 'us-east-1' }
    stacks = new CloudFormationClient(shared)
    sqs = new SQSClient(shared)
    s3 = new S3Client({ ...shared, forcePathStyle: true })
    control = new CloudControlClient(shared)
  })
  after(async () => {
    for (const client of [stacks, sqs, s3, control]) client?.destroy()
    await platform?.stop()
  })

  const queue = (properties: object = {}): object => ({
    Type: 'AWS::SQS::Queue',
    Properties: properties,
  })

  function request(
    StackName: string,
    template: object,
    parameters: Readonly<Record<string, string>> = {},
  ) {
    const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }))
    return { StackName, TemplateBody: JSON.stringify(template), Parameters }
  }

  async function create(...given: Parameters<typeof request>): Promise<string> {
    await stacks.send(new CreateStackCommand(request(...given)))
    return endOf(given[0])
  }

  async function update(...given: Parameters<typeof request>): Promise<string> {
    await stacks.send(new UpdateStackCommand(request(...given)))
    return endOf(given[0])
  }

  async function remove(StackName: string): Promise<void> {
    const { StackId } = await describeStack(StackName)
    await stacks.send(new DeleteStackCommand({ StackName }))
    assert.equal(await endOf(StackId ?? ''), 'DELETE_COMPLETE')
  }

  async function describeStack(StackName: string) {
    const { Stacks: [stack] = [] } = await stacks.send(new DescribeStacksCommand({ StackName }))
    assert.ok(stack)
    return stack
  }

  async function endOf(nameOrId: string): Promise<string> {
    return until(`stack ${nameOrId} has ended`, async () => {
      const { StackStatus = '' } = await describeStack(nameOrId)
      return StackStatus.endsWith('_IN_PROGRESS') ? undefined : StackStatus
    })
  }

  async function outputsOf(StackName: string): Promise<Record<string, string>> {
    const { Outputs = [] } = await describeStack(StackName)
    return Object.fromEntries(
      Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    )
  }

  /** Oldest first. */
  async function eventsOf(StackName: string): Promise<readonly StackEvent[]> {
    const { StackEvents = [] } = await stacks.send(new DescribeStackEventsCommand({ StackName }))
    return StackEvents.toReversed()
  }

  async function timeoutOf(QueueUrl: string): Promise<string | undefined> {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
    )
    return Attributes?.VisibilityTimeout
  }

  async function queueNames(): Promise<readonly string[]> {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}))
    return QueueUrls.map((url) => url.split('/').at(-1) ?? '')
  }

  async function askFor(TypeName: string, desired: object): Promise<ProgressEvent | undefined> {
    const DesiredState = JSON.stringify(desired)
    const asked = await control.send(new CreateResourceCommand({ TypeName, DesiredState }))
    return asked.ProgressEvent
  }

  /** The request when it is over. */
  async function ended(event: ProgressEvent | undefined): Promise<ProgressEvent> {
    const status = new GetResourceRequestStatusCommand({ RequestToken: event?.RequestToken })
    const over = await until('the request is over', async () => {
      const { ProgressEvent: now } = await control.send(status)
      return now?.OperationStatus === 'IN_PROGRESS' ? undefined : now
    })
    return over ?? {}
  }

  async function succeed(command: UpdateResourceCommand | DeleteResourceCommand): Promise<void> {
    const { ProgressEvent: event } = await control.send(command as UpdateResourceCommand)
    const { OperationStatus, StatusMessage } = await ended(event)
    assert.equal(OperationStatus, 'SUCCESS', `${event?.TypeName}: ${StatusMessage}`)
  }

  it('an update in place reaches the resource, which stays the same one', async () => {
    const template = (VisibilityTimeout: number): object => ({
      Resources: { Q: queue({ VisibilityTimeout }) },
      Outputs: { Url: { Value: { Ref: 'Q' } } },
    })
    assert.equal(await create('place', template(30)), 'CREATE_COMPLETE')
    const { Url = '' } = await outputsOf('place')
    assert.equal(await timeoutOf(Url), '30')
    assert.equal(await update('place', template(77)), 'UPDATE_COMPLETE')
    assert.equal((await outputsOf('place'))['Url'], Url)
    assert.equal(await timeoutOf(Url), '77')
    await remove('place')
  })

  it('what was destroyed deploys again under its names, and a deletion leaves nothing', async () => {
    const template = {
      Resources: {
        Q: queue({ QueueName: 'again' }),
        V: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.7.0.0/16' } },
        G: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: { GroupDescription: 'again', GroupName: 'again', VpcId: { Ref: 'V' } },
        },
        P: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/again', Type: 'String', Value: 'a' },
        },
      },
    }
    // ListStacks goes on showing deleted stacks, as AWS does.
    const around = async (): Promise<object> => {
      const { 'cloudformation ListStacks': _, ...others } = await census(platform)
      return others
    }
    const before = await around()
    for (let round = 0; round < 3; round++) {
      assert.equal(await create('again', template), 'CREATE_COMPLETE', `round ${round}`)
      assert.ok((await queueNames()).includes('again'))
      await remove('again')
      assert.ok(!(await queueNames()).includes('again'))
    }
    assert.deepEqual(await around(), before)
  })

  it('a failure names its cause on the resource, and in the stack', async () => {
    const template = {
      Resources: {
        Good: queue(),
        Bad: queue({ VisibilityTimeout: 999_999 }),
        Behind: { ...queue(), DependsOn: 'Bad' },
      },
    }
    assert.equal(await create('cause', template), 'ROLLBACK_COMPLETE')
    const events = await eventsOf('cause')
    const failed = events.find((event) => event.ResourceStatus === 'CREATE_FAILED')
    assert.equal(failed?.LogicalResourceId, 'Bad')
    assert.match(failed?.ResourceStatusReason ?? '', /VisibilityTimeout/)
    const rollback = events.find((event) => event.ResourceStatus === 'ROLLBACK_IN_PROGRESS')
    assert.match(rollback?.ResourceStatusReason ?? '', /failed to create: \[.*Bad.*\]/)
    assert.ok(!events.some((event) => event.LogicalResourceId === 'Behind'))
    await remove('cause')
  })

  it('resources are made in the order of their references, whatever the order of the template', async () => {
    const ids = ['E', 'A', 'D', 'B', 'C']
    const resources = ids.map((id) => {
      const before = String.fromCharCode(id.charCodeAt(0) - 1)
      const tag = { Key: 'after', Value: { 'Fn::GetAtt': [before, 'QueueName'] } }
      return [id, queue(id === 'A' ? {} : { Tags: [tag] })]
    })
    const template = { Resources: Object.fromEntries(resources) as object }
    assert.equal(await create('order', template), 'CREATE_COMPLETE')
    const order = async (nameOrId: string, status: string): Promise<string> =>
      (await eventsOf(nameOrId))
        .filter(
          ({ ResourceStatus, ResourceType }) =>
            ResourceStatus === status && ResourceType === 'AWS::SQS::Queue',
        )
        .map((event) => event.LogicalResourceId)
        .join('')
    assert.equal(await order('order', 'CREATE_COMPLETE'), 'ABCDE')
    const { StackId = '' } = await describeStack('order')
    await remove('order')
    assert.equal(await order(StackId, 'DELETE_COMPLETE'), 'EDCBA')
  })

  it('conditions decide what there is, and an update that turns one makes and removes', async () => {
    const template = {
      Parameters: { Stage: { Type: 'String', Default: 'test' } },
      Conditions: {
        IsLive: { 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] },
        IsTest: { 'Fn::Not': [{ Condition: 'IsLive' }] },
      },
      Resources: {
        Q: queue({ VisibilityTimeout: { 'Fn::If': ['IsLive', 90, { Ref: 'AWS::NoValue' }] } }),
        Live: { ...queue({ QueueName: 'only-live' }), Condition: 'IsLive' },
        Test: { ...queue({ QueueName: 'only-test' }), Condition: 'IsTest' },
      },
      Outputs: {
        Url: { Value: { Ref: 'Q' } },
        Live: { Value: { Ref: 'Live' }, Condition: 'IsLive' },
      },
    }
    assert.equal(await create('conditions', template), 'CREATE_COMPLETE')
    const only = async (): Promise<readonly string[]> =>
      (await queueNames()).filter((name) => name.startsWith('only-'))
    const { Url = '', ...others } = await outputsOf('conditions')
    assert.deepEqual([await only(), await timeoutOf(Url), others], [['only-test'], '30', {}])
    assert.equal(await update('conditions', template, { Stage: 'live' }), 'UPDATE_COMPLETE')
    assert.deepEqual([await only(), await timeoutOf(Url)], [['only-live'], '90'])
    assert.match((await outputsOf('conditions'))['Live'] ?? '', /only-live$/)
    await remove('conditions')
  })

  it('outputs of nested stacks reach the stack around them and each other', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'nested' }))
    const inner = {
      Parameters: { Tag: { Type: 'String' } },
      Resources: { Q: queue({ Tags: [{ Key: 'tag', Value: { Ref: 'Tag' } }] }) },
      Outputs: { Name: { Value: { 'Fn::GetAtt': ['Q', 'QueueName'] } } },
    }
    const Body = JSON.stringify(inner)
    await s3.send(new PutObjectCommand({ Bucket: 'nested', Key: 'inner.json', Body }))
    const nested = (Tag: unknown): object => ({
      Type: 'AWS::CloudFormation::Stack',
      Properties: {
        TemplateURL: `${platform.endpoint}/nested/inner.json`,
        Parameters: { Tag },
      },
    })
    const name = (id: string): object => ({ 'Fn::GetAtt': [id, 'Outputs.Name'] })
    const outer = {
      Resources: { Second: nested(name('First')), First: nested('first') },
      Outputs: { First: { Value: name('First') }, Second: { Value: name('Second') } },
    }
    assert.equal(await create('outer', outer), 'CREATE_COMPLETE')
    const { First = '', Second = '' } = await outputsOf('outer')
    const names = await queueNames()
    assert.ok(names.includes(First) && names.includes(Second))
    await remove('outer')
    const left = await queueNames()
    assert.ok(!left.includes(First) && !left.includes(Second))
  })

  it('nothing is stuck in progress, and stacks survive a server that is killed and one that restarts', async () => {
    const resources = Array.from({ length: 40 }, (_, n) => [
      `Q${n}`,
      { ...queue({ QueueName: `killed-${n}` }), ...(n > 4 ? { DependsOn: `Q${n - 5}` } : {}) },
    ])
    const template = { Resources: Object.fromEntries(resources) as object }
    await stacks.send(new CreateStackCommand(request('killed', template)))
    await until('some are made', async () => (await queueNames()).length > 3)
    const single = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        askFor('AWS::SQS::Queue', { QueueName: `single-${n}`, DelaySeconds: n }),
      ),
    )
    process.kill(platform.pid(), 'SIGKILL')
    await platform.up()
    for (const request of single) {
      const { OperationStatus, Identifier } = await ended(request)
      assert.equal(OperationStatus, 'SUCCESS')
      await succeed(new DeleteResourceCommand({ TypeName: 'AWS::SQS::Queue', Identifier }))
    }
    assert.equal(await endOf('killed'), 'CREATE_COMPLETE')
    await platform.stop({ keep: true })
    await platform.up()
    const { StackResources = [] } = await stacks.send(
      new DescribeStackResourcesCommand({ StackName: 'killed' }),
    )
    assert.equal(StackResources.length, 40)
    assert.ok(StackResources.every((each) => each.ResourceStatus === 'CREATE_COMPLETE'))
    const names = (await queueNames()).filter((name) => name.startsWith('killed-'))
    assert.equal(names.length, 40)
    await remove('killed')
    assert.deepEqual(await queueNames(), [])
  })

  it('a custom resource is made by who listens to its topic, and replaced by a change set', async () => {
    const { endpoint, credentials } = platform
    const maker = await startMaker({ endpoint, credentials, region: 'us-east-1' })
    const template = (Size: number): object => ({
      Resources: {
        Site: { Type: 'Custom::Site', Properties: { ServiceToken: maker.topicArn, Size } },
        Queue: queue({ VisibilityTimeout: { 'Fn::GetAtt': ['Site', 'Seconds'] } }),
      },
      Outputs: { Site: { Value: { Ref: 'Site' } } },
    })
    assert.equal(await create('custom', template(31)), 'CREATE_COMPLETE')
    assert.deepEqual(await outputsOf('custom'), { Site: 'thing-31' })
    const named = { StackName: 'custom', ChangeSetName: 'larger' }
    const TemplateBody = JSON.stringify(template(32))
    await stacks.send(new CreateChangeSetCommand({ ...named, TemplateBody }))
    const { Changes } = await stacks.send(new DescribeChangeSetCommand(named))
    assert.deepEqual(
      Changes?.map(({ ResourceChange: change }) => [
        change?.LogicalResourceId,
        change?.Details?.[0]?.ChangeSource,
        change?.Details?.[0]?.CausingEntity,
      ]),
      [
        ['Queue', 'ResourceAttribute', 'Site.Seconds'],
        ['Site', 'DirectModification', undefined],
      ],
    )
    await stacks.send(new ExecuteChangeSetCommand(named))
    assert.equal(await endOf('custom'), 'UPDATE_COMPLETE')
    assert.deepEqual(await outputsOf('custom'), { Site: 'thing-32' })
    await remove('custom')
    await maker.stop()
    assert.deepEqual(maker.asked, [
      ...['Create -', 'Update thing-31', 'Delete thing-31', 'Delete thing-32'],
    ])
  })

  it('drift tells what was changed behind a stack', async () => {
    const StackName = 'drifted'
    await create(StackName, { Resources: { Queue: queue({ VisibilityTimeout: 30 }) } })
    const detected = async (): Promise<string | undefined> => {
      const id = await stacks.send(new DetectStackDriftCommand({ StackName }))
      return until('drift was looked for', async () => {
        const { StackDriftDetectionId } = id
        const seen = await stacks.send(
          new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
        )
        return seen.DetectionStatus === 'DETECTION_COMPLETE' ? seen.StackDriftStatus : undefined
      })
    }
    assert.equal(await detected(), 'IN_SYNC')
    const { StackResources: [made] = [] } = await stacks.send(
      new DescribeStackResourcesCommand({ StackName }),
    )
    const QueueUrl = made?.PhysicalResourceId
    const Attributes = { VisibilityTimeout: '99' }
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
    assert.equal(await detected(), 'DRIFTED')
    const { StackResourceDrifts: [drift] = [] } = await stacks.send(
      new DescribeStackResourceDriftsCommand({ StackName }),
    )
    assert.deepEqual(drift?.PropertyDifferences, [
      {
        ...{ PropertyPath: '/VisibilityTimeout', ExpectedValue: '30', ActualValue: '99' },
        DifferenceType: 'NOT_EQUAL',
      },
    ])
    await remove(StackName)
  })

  it('a stack takes over what was there before it, touches nothing of it, and deletes it', async () => {
    const StackName = 'took-over'
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'older', Attributes: { VisibilityTimeout: '77' } }),
    )
    const Taken = { ...queue({ QueueName: 'older' }), DeletionPolicy: 'Delete' }
    const named = { StackName, ChangeSetName: 'take' }
    const wish = (bare: object): CreateChangeSetCommand =>
      new CreateChangeSetCommand({
        ...named,
        ChangeSetType: 'IMPORT',
        TemplateBody: JSON.stringify({ Resources: { Taken: bare } }),
        ResourcesToImport: [
          {
            ...{ ResourceType: 'AWS::SQS::Queue', LogicalResourceId: 'Taken' },
            ResourceIdentifier: { QueueUrl },
          },
        ],
      })
    await assert.rejects(stacks.send(wish(queue())), /\[Taken\] must have DeletionPolicy/)
    await stacks.send(wish(Taken))
    const { Changes } = await stacks.send(new DescribeChangeSetCommand(named))
    assert.equal(Changes?.[0]?.ResourceChange?.Action, 'Import')
    await stacks.send(new ExecuteChangeSetCommand(named))
    const waiting = { client: stacks, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }
    await waitUntilStackImportComplete(waiting, { StackName })
    assert.equal(await timeoutOf(QueueUrl), '77')
    await remove(StackName)
    assert.ok(!(await queueNames()).includes('older'))
  })

  it('a resource by itself is made, told, changed and removed, whatever its type', async () => {
    const lives = controlledTypes.map((type) => liveOnce(type))
    await Promise.all(lives)
    const TypeName = 'AWS::SQS::Queue'
    const desired = { TypeName, DesiredState: '{"QueueName":"waited-for"}', ClientToken: 'one' }
    const asked = Array.from({ length: 8 }, () => control.send(new CreateResourceCommand(desired)))
    const events = (await Promise.all(asked)).map(({ ProgressEvent: each }) => each)
    const [event] = events
    const { RequestToken } = event ?? {}
    assert.ok(RequestToken && events.every((each) => each?.RequestToken === RequestToken))
    const waiting = { client: control, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }
    const waited = await waitUntilResourceRequestSuccess(waiting, { RequestToken })
    assert.equal(waited.state, 'SUCCESS')
    const other = new CreateResourceCommand({ ...desired, DesiredState: '{}' })
    await assert.rejects(control.send(other), { name: 'ClientTokenConflictException' })
    const { Identifier } = await ended(event)
    const removals = Array.from({ length: 5 }, () =>
      control.send(new DeleteResourceCommand({ TypeName, Identifier })),
    )
    const answers = await Promise.allSettled(removals)
    const [taken] = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    assert.equal((await ended(taken?.ProgressEvent)).OperationStatus, 'SUCCESS')
    for (const each of answers) {
      if (each.status === 'rejected') {
        assert.equal((each.reason as Error).name, 'ConcurrentOperationException')
      }
    }
  })

  async function liveOnce({ name: TypeName, desired, patch, isNamed }: ControlledType) {
    const made = await ended(await askFor(TypeName, desired))
    assert.equal(made.OperationStatus, 'SUCCESS', `${TypeName}: ${made.StatusMessage}`)
    const at = { TypeName, Identifier: made.Identifier ?? '' }
    const told = async (): Promise<Readonly<Record<string, unknown>>> => {
      const { ResourceDescription: found } = await control.send(new GetResourceCommand(at))
      return JSON.parse(found?.Properties ?? '') as Readonly<Record<string, unknown>>
    }
    const { SecretString: _never, ...shown } = desired
    const before = await told()
    for (const [name, value] of Object.entries(shown)) assert.deepEqual(before[name], value)
    assert.equal('SecretString' in before, false)

    await succeed(new UpdateResourceCommand({ ...at, PatchDocument: JSON.stringify(patch) }))
    const after = { ...before }
    for (const { path, value } of patch) after[path.slice(1)] = value
    assert.deepEqual(await told(), after)

    if (isNamed) {
      const second = await ended(await askFor(TypeName, desired))
      assert.equal(second.ErrorCode, 'AlreadyExists', `${TypeName}: ${second.StatusMessage}`)
      assert.deepEqual(await told(), after)
    }
    const { ResourceDescriptions = [] } = await control.send(new ListResourcesCommand({ TypeName }))
    assert.ok(ResourceDescriptions.some((each) => each.Identifier === at.Identifier))
    await succeed(new DeleteResourceCommand(at))
    await assert.rejects(told(), { name: 'ResourceNotFoundException' })
    const { ProgressEvent: gone } = await control.send(new DeleteResourceCommand(at))
    assert.equal((await ended(gone)).ErrorCode, 'NotFound')
  }
})
