import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  SignalResourceCommand,
  UpdateStackCommand,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling'
import { startPlatform, until, type Platform } from '../harness/platform.ts'

const region = 'us-east-1'

/** Two machines that tell the stack themselves, by the address of the handle alone. */
const condition = `
Resources:
  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
  Machine:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-12345678
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          sleep 1
          for part in one two; do
            curl -sS --retry 30 --retry-delay 1 --retry-all-errors -X PUT -H 'Content-Type:' --data-binary \\
              '{"Status":"SUCCESS","UniqueId":"'$part'","Data":"'$(hostname)'","Reason":"up"}' \\
              '\${Handle}'
          done
  Up:
    Type: AWS::CloudFormation::WaitCondition
    DependsOn: Machine
    Properties: { Handle: !Ref Handle, Timeout: '60', Count: '2' }
Outputs:
  Data: { Value: !GetAtt Up.Data }
`

const group = `
Parameters: { Size: { Type: String, Default: t3.micro } }
Resources:
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties: { LaunchTemplateData: { ImageId: ami-12345678, InstanceType: !Ref Size } }
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    CreationPolicy: { ResourceSignal: { Count: 2, Timeout: PT1M } }
    UpdatePolicy:
      AutoScalingRollingUpdate:
        MinInstancesInService: '2'
        PauseTime: PT1M
        WaitOnResourceSignals: true
    Properties:
      AvailabilityZones: !GetAZs ''
      MinSize: '2'
      MaxSize: '3'
      LaunchTemplate:
        LaunchTemplateId: !Ref Template
        Version: !GetAtt Template.LatestVersionNumber
`

describe('a stack waits for the inside of its machines', () => {
  let platform: Platform
  let stacks: CloudFormationClient
  let groups: AutoScalingClient

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    stacks = new CloudFormationClient({ endpoint, credentials, region })
    groups = new AutoScalingClient({ endpoint, credentials, region })
  })

  after(async () => {
    stacks.destroy()
    groups.destroy()
    await platform.stop()
  })

  async function describeStack(StackName: string): Promise<Stack> {
    const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }))
    assert.ok(Stacks?.[0])
    return Stacks[0]
  }

  async function eventsOf(StackName: string): Promise<readonly StackEvent[]> {
    const { StackEvents = [] } = await stacks.send(new DescribeStackEventsCommand({ StackName }))
    return StackEvents.toReversed()
  }

  /** The stack when nothing works on it. */
  function rested(StackName: string): Promise<Stack> {
    return until(
      `${StackName} to come to rest`,
      async () => {
        const stack = await describeStack(StackName)
        return stack.StackStatus?.endsWith('_IN_PROGRESS') ? undefined : stack
      },
      90_000,
    )
  }

  it('is complete when the machines have PUT to the handle, also over a killed server', async (context) => {
    if (platform.driver !== 'namespaces') return context.skip('needs machines that run user data')
    await stacks.send(new CreateStackCommand({ StackName: 'wait', TemplateBody: condition }))
    await until('the condition to be waited for', async () => {
      const { StackResources = [] } = await stacks.send(
        new DescribeStackResourcesCommand({ StackName: 'wait' }),
      )
      return StackResources.some(({ LogicalResourceId }) => LogicalResourceId === 'Up')
    })
    assert.equal((await describeStack('wait')).StackStatus, 'CREATE_IN_PROGRESS')
    process.kill(platform.pid(), 'SIGKILL')
    await platform.up()
    const stack = await rested('wait')
    assert.equal(stack.StackStatus, 'CREATE_COMPLETE', JSON.stringify(await eventsOf('wait')))
    const said = JSON.parse(stack.Outputs?.[0]?.OutputValue ?? '{}') as Record<string, string>
    assert.deepEqual(Object.keys(said), ['one', 'two'])
    assert.match(said['one'] ?? '', /^ip-/)
  })

  it('is complete when every instance of the group was signalled for', async () => {
    await stacks.send(new CreateStackCommand({ StackName: 'group', TemplateBody: group }))
    const ids = await until('two instances', async () => {
      const { AutoScalingGroups = [] } = await groups.send(new DescribeAutoScalingGroupsCommand({}))
      const found = AutoScalingGroups.flatMap(({ Instances = [] }) => Instances)
      return found.length === 2 ? found.map(({ InstanceId }) => InstanceId ?? '') : undefined
    })
    const [first = '', second = ''] = ids
    const signal = (UniqueId: string): Promise<unknown> =>
      stacks.send(
        new SignalResourceCommand({
          StackName: 'group',
          LogicalResourceId: 'Group',
          UniqueId,
          Status: 'SUCCESS',
        }),
      )
    await signal(first)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    assert.equal((await describeStack('group')).StackStatus, 'CREATE_IN_PROGRESS')
    await signal(second)
    assert.equal((await rested('group')).StackStatus, 'CREATE_COMPLETE')
    const reasons = (await eventsOf('group')).map((event) => event.ResourceStatusReason)
    for (const id of ids) {
      assert.ok(reasons.includes(`Received SUCCESS signal with UniqueId ${id}`))
    }
  })

  const instancesOf = async (): Promise<readonly string[]> => {
    const { AutoScalingGroups = [] } = await groups.send(new DescribeAutoScalingGroupsCommand({}))
    const found = AutoScalingGroups.flatMap(({ Instances = [] }) => Instances)
    return found
      .filter(({ LifecycleState }) => LifecycleState !== 'Terminating')
      .map(({ InstanceId }) => InstanceId ?? '')
  }

  it('rolls a group that is updated, one signalled instance after the other', async () => {
    const before = await instancesOf()
    await stacks.send(
      new UpdateStackCommand({
        StackName: 'group',
        UsePreviousTemplate: true,
        Parameters: [{ ParameterKey: 'Size', ParameterValue: 't3.small' }],
      }),
    )
    const signalled = new Set<string>()
    let fewest = before.length
    const stack = await until(
      'the update to end',
      async () => {
        const now = await instancesOf()
        fewest = Math.min(fewest, now.length)
        const fresh = now.find((id) => id !== '' && !before.includes(id) && !signalled.has(id))
        if (fresh !== undefined) {
          const at = { StackName: 'group', LogicalResourceId: 'Group', UniqueId: fresh }
          await stacks.send(new SignalResourceCommand({ ...at, Status: 'SUCCESS' }))
          signalled.add(fresh)
        }
        const found = await describeStack('group')
        return found.StackStatus === 'UPDATE_IN_PROGRESS' ? undefined : found
      },
      90_000,
    )
    const reasons = (await eventsOf('group')).map((event) => event.ResourceStatusReason ?? '')
    assert.match(stack.StackStatus ?? '', /^UPDATE_COMPLETE/, reasons.join('\n'))
    const after = await instancesOf()
    assert.equal(after.length, 2)
    assert.deepEqual(
      after.filter((id) => before.includes(id)),
      [],
    )
    assert.ok(fewest >= 2, `${fewest} in the group`)
    assert.ok(reasons.includes('Temporarily setting autoscaling group DesiredCapacity to 3.'))
  })

  it('leaves nothing when they are deleted', async () => {
    for (const StackName of ['wait', 'group']) {
      await stacks.send(new DeleteStackCommand({ StackName })).catch(() => undefined)
    }
    await until('both to be gone', async () => {
      const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({}))
      return Stacks.length === 0
    })
  })
})
