import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  type Parameter,
} from '@aws-sdk/client-cloudformation'
import { get, lacksAws, output, startPlatform, until, type Platform } from '../harness/platform.ts'
import * as groups from '../samples/groups.ts'
import * as instances from '../samples/instances.ts'
import * as networks from '../samples/networks.ts'
import { page, template, type Sample } from '../samples/parts.ts'
import { given } from '../samples/given.ts'
import * as queues from '../samples/queues.ts'

const skip = await lacksAws()

type Outputs = Readonly<Record<string, string>>

const createdMilliseconds = 15 * 60_000

describe("AWS's public samples, launched", { skip, concurrency: 4 }, () => {
  let platform: Platform
  let client: CloudFormationClient
  let work: string
  const more: Record<string, string> = {}

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    client = new CloudFormationClient({ endpoint, credentials, region: 'us-east-1' })
    work = await mkdtemp(join(tmpdir(), 'evenkeel-samples-'))
    await platform.aws('ec2', 'create-key-pair', '--key-name', 'samples')
  })
  after(async () => {
    client?.destroy()
    await platform?.stop()
    if (work) await rm(work, { recursive: true, force: true })
  })

  function parametersOf(sample: Sample): Parameter[] {
    const values = { ...given, ...more }
    return Object.entries(values)
      .filter(([name]) => Object.hasOwn(sample.Parameters ?? {}, name))
      .map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }))
  }

  async function create(StackName: string, sample: Sample): Promise<void> {
    await client.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: template(sample),
        Parameters: parametersOf(sample),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    )
  }

  async function failures(StackName: string): Promise<string> {
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }))
    return StackEvents.filter((event) => event.ResourceStatus?.endsWith('FAILED'))
      .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`)
      .join('; ')
  }

  /** When the stack rests; it must rest in `status`. */
  async function rests(StackName: string, status: string): Promise<Outputs> {
    const stack = await until(
      `${StackName} rests`,
      async () => {
        const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }))
        return Stacks?.[0]?.StackStatus?.endsWith('IN_PROGRESS') ? undefined : Stacks?.[0]
      },
      createdMilliseconds,
    )
    if (stack.StackStatus !== status) {
      assert.fail(`${StackName} is ${stack.StackStatus}: ${await failures(StackName)}`)
    }
    return Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    )
  }

  async function launched(StackName: string, sample: Sample): Promise<Outputs> {
    await create(StackName, sample)
    return rests(StackName, 'CREATE_COMPLETE')
  }

  async function gone(StackName: string): Promise<void> {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }))
    const id = Stacks?.[0]?.StackId ?? ''
    await client.send(new DeleteStackCommand({ StackName }))
    await rests(id, 'DELETE_COMPLETE')
  }

  /** What a balancer's page says, by its URL. */
  async function pageAt(url: string | undefined): Promise<string> {
    const host = new URL(url ?? '').host
    const answer = await until(
      `${host} answers 200`,
      async () => {
        const found = await get(platform, '/', host)
        return found.status === 200 ? found : undefined
      },
      120_000,
    )
    return answer.body
  }

  async function instanceOf(StackName: string): Promise<string> {
    const { StackResources } = (await platform.aws(
      ...['cloudformation', 'describe-stack-resources', '--stack-name', StackName],
    )) as { StackResources?: { ResourceType: string; PhysicalResourceId: string }[] }
    const found = StackResources?.find(({ ResourceType }) => ResourceType === 'AWS::EC2::Instance')
    return found?.PhysicalResourceId ?? ''
  }

  function inside(machine: string, ...words: readonly string[]): Promise<string> {
    return platform.evenkeel('exec', machine, '--', ...words)
  }

  const balanced: readonly (readonly [string, Sample])[] = [
    ['AutoScalingRollingUpdates', groups.rollingUpdates],
    ['AutoScalingMultiAZWithNotifications', groups.multiZoneWithNotifications],
    ['AutoScalingScheduledAction', groups.scheduledAction],
    ['ELBWithLockedDownAutoScaledInstances', groups.lockedDownInstances],
    ['ELBStickinessSample', groups.stickiness],
    ['ELBSample', groups.elbSample],
    ['ELB-Connection-Draining', groups.connectionDraining],
    ['ELBGuidedAutoScalingRollingUpgrade', groups.guidedRollingUpgrade],
  ]
  for (const [name, sample] of balanced) {
    it(`${name} is complete, its URL answers, and it goes`, async () => {
      const outputs = await launched(name, sample)
      assert.ok((await pageAt(outputs['URL'])).includes(page))
      await gone(name)
    })
  }

  it('VPC_AutoScaling_and_ElasticLoadBalancer comes up in a VPC that is there', async () => {
    const isDefault = ['--filters', 'Name=is-default,Values=true']
    const { Vpcs } = (await platform.aws('ec2', 'describe-vpcs', ...isDefault)) as {
      Vpcs?: { VpcId: string }[]
    }
    const ofZone = ['--filters', 'Name=default-for-az,Values=true']
    const { Subnets = [] } = (await platform.aws('ec2', 'describe-subnets', ...ofZone)) as {
      Subnets?: { SubnetId: string; AvailabilityZone: string }[]
    }
    const two = Subnets.slice(0, 2)
    more['VpcId'] = Vpcs?.[0]?.VpcId ?? ''
    more['Subnets'] = two.map(({ SubnetId }) => SubnetId).join(',')
    more['AZs'] = two.map(({ AvailabilityZone }) => AvailabilityZone).join(',')
    const outputs = await launched('VPC-AutoScaling', networks.groupInVpc)
    assert.ok((await pageAt(outputs['URL'])).includes(page))
    await gone('VPC-AutoScaling')
  })

  it('VPC_Single_Instance_In_Subnet serves behind its own access lists', async () => {
    const outputs = await launched('VPC-Single-Instance', networks.singleInstanceInSubnet)
    assert.match(outputs['URL'] ?? '', /^http:\/\/\d+\.\d+\.\d+\.\d+$/)
    const machine = await instanceOf('VPC-Single-Instance')
    assert.ok((await inside(machine, 'curl', '-s', 'http://127.0.0.1/')).includes(page))
    await gone('VPC-Single-Instance')
  })

  it('EC2InstanceWithSecurityGroupSample and EIP_With_Association tell their addresses', async () => {
    await create('Plain', instances.instanceWithSecurityGroup)
    const outputs = await launched('EIP-With-Association', instances.addressWithAssociation)
    const plain = await rests('Plain', 'CREATE_COMPLETE')
    assert.match(plain['AZ'] ?? '', /^us-east-1[abc]$/)
    assert.match(plain['PublicDNS'] ?? '', /\.amazonaws\.com$/)
    const machine = outputs['InstanceId'] ?? ''
    const { Addresses } = (await platform.aws(
      ...['ec2', 'describe-addresses', '--public-ips', outputs['InstanceIPAddress'] ?? ''],
    )) as { Addresses?: { InstanceId: string }[] }
    assert.equal(Addresses?.[0]?.InstanceId, machine)
    await Promise.all([gone('Plain'), gone('EIP-With-Association')])
  })

  it('the update tutorial goes from part to part', async () => {
    const StackName = 'UpdateTutorial'
    const update = async (part: 2 | 3 | 4 | 5): Promise<Outputs> => {
      const sample = instances.updateTutorial(part)
      const Parameters = parametersOf(sample)
      const TemplateBody = template(sample)
      await client.send(new UpdateStackCommand({ StackName, TemplateBody, Parameters }))
      return rests(StackName, 'UPDATE_COMPLETE')
    }
    await launched(StackName, instances.updateTutorial(1))
    const machine = await instanceOf(StackName)
    const says = (): Promise<string> => inside(machine, 'curl', '-s', 'http://127.0.0.1/')
    assert.match(await says(), /Part 1/)
    await update(2)
    assert.equal(await instanceOf(StackName), machine, 'metadata alone replaces nothing')
    await until(
      'cfn-hup has seen it',
      async () => /Part 2/.test(await says()) || undefined,
      150_000,
    )
    await update(3)
    const other = await instanceOf(StackName)
    assert.notEqual(other, machine)
    await update(4)
    const outputs = await update(5)
    assert.match(outputs['WebsiteURL'] ?? '', /^http:\/\/\d+\.\d+\.\d+\.\d+$/)
    await gone(StackName)
  })

  it('S3Bucket_Auth fetches its page with the keys of the user that it makes', async () => {
    const file = join(work, 'index.html')
    await writeFile(file, 'a private page')
    await platform.aws('s3api', 'create-bucket', '--bucket', 'samples-pages')
    const object = ['--bucket', 'samples-pages', '--key', 'index.html', '--body', file]
    await platform.aws('s3api', 'put-object', ...object)
    await launched('S3Bucket-Auth', instances.bucketAuthentication)
    const machine = await instanceOf('S3Bucket-Auth')
    assert.equal(await inside(machine, 'curl', '-s', 'http://127.0.0.1/'), 'a private page')
    await gone('S3Bucket-Auth')
  })

  it("WordPress's shape unpacks its source and configures it", async () => {
    const Bucket = 'samples-sources'
    await writeFile(join(work, 'wp-config-sample.php'), "define('DB', 'database_name_here');\n")
    const archive = join(work, 'latest.tar.gz')
    const rename = '--transform=s,^,wordpress/,'
    await output('tar', ['-czf', archive, '-C', work, rename, 'wp-config-sample.php'])
    await platform.aws('s3api', 'create-bucket', '--bucket', Bucket)
    const object = ['--bucket', Bucket, '--key', 'latest.tar.gz', '--body', archive]
    await platform.aws('s3api', 'put-object', ...object)
    // As machines reach the endpoint: the host is part of what is signed.
    const address = ['--endpoint-url', 'http://169.254.169.254:4566']
    const url = `s3://${Bucket}/latest.tar.gz`
    const presigned = await platform.aws('s3', 'presign', url, ...address)
    const source = String(presigned['text']).trim()
    await launched('WordPress', instances.wordPress(source, { httpd: [] }))
    const machine = await instanceOf('WordPress')
    const config = await inside(machine, 'cat', '/var/www/html/wordpress/wp-config.php')
    assert.match(config, /'WordPressDB'/)
    await gone('WordPress')
  })

  it('SNSToSQS hands what is published to both queues', async () => {
    const outputs = await launched('SNSToSQS', queues.topicToQueues)
    const topic = outputs['MySNSTopicTopicARN'] ?? ''
    await platform.aws('sns', 'publish', '--topic-arn', topic, '--message', 'to both')
    for (const name of ['MyQueue1Info', 'MyQueue2Info']) {
      const url = outputs[name]?.split(' ').at(-1) ?? ''
      const { Messages } = (await platform.aws(
        ...['sqs', 'receive-message', '--queue-url', url, '--wait-time-seconds', '10'],
      )) as { Messages?: { Body: string }[] }
      assert.match(Messages?.[0]?.Body ?? '', /to both/)
    }
    await gone('SNSToSQS')
  })

  it('queues, people, buckets and nested templates come and go', async () => {
    const file = join(work, 'inner.template')
    await writeFile(file, template(queues.queueWithAlarms))
    await platform.aws('s3api', 'create-bucket', '--bucket', 'samples-templates')
    const inner = ['--key', 'SQS_With_CloudWatch_Alarms.template', '--body', file]
    await platform.aws('s3api', 'put-object', '--bucket', 'samples-templates', ...inner)
    await create('Queue', queues.queueWithAlarms)
    await create('People', queues.usersGroupsAndPolicies)
    await create('Bucket', queues.bucketThatIsKept)
    const nested = queues.nestedSample('https://s3.amazonaws.com/samples-templates')
    const outer = await launched('Nested', nested)
    assert.match(outer['URL'] ?? '', /\/Nested-Queue-/)
    assert.match((await rests('People', 'CREATE_COMPLETE'))['AccessKey'] ?? '', /^AKIA/)
    const { BucketName } = await rests('Bucket', 'CREATE_COMPLETE')
    await rests('Queue', 'CREATE_COMPLETE')
    await Promise.all(['Queue', 'People', 'Bucket', 'Nested'].map(gone))
    await platform.aws('s3api', 'head-bucket', '--bucket', BucketName ?? '')
    const { Groups } = (await platform.aws('iam', 'list-groups')) as { Groups?: object[] }
    assert.deepEqual(Groups, [])
  })

  it('LAMP_Single_Instance names the package that cannot be had, and is never complete', async () => {
    await create('LAMP', instances.lampSingleInstance)
    const machine = await until(
      'the instance is there',
      async () => (await instanceOf('LAMP')) || undefined,
    )
    const said = await until(
      'cfn-init gives up',
      async () => {
        const log = await inside(machine, 'cat', '/var/log/cfn-init.log').catch(() => '')
        return /Error encountered.*/.exec(log)?.[0]
      },
      60_000,
    )
    assert.match(said, /package mysql \(default-mysql-client\) is not there/)
    await gone('LAMP')
  })

  it('databases and zones of names are refused before anything is made', async () => {
    const lamp = groups.lockedDownInstances
    const MyDB = { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'MySQL' } }
    const unknown = /Unrecognized resource types: \[AWS::RDS::DBInstance\]/
    const withDatabase = { ...lamp, Resources: { ...lamp.Resources, MyDB } }
    await assert.rejects(create('LAMP-Multi-AZ', withDatabase), unknown)
    await assert.rejects(create('Route53', queues.recordOfZone), /AWS::Route53::RecordSet/)
  })
})
