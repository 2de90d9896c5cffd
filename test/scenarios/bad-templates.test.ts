import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { leavesNothing } from '../harness/census.ts'
import { startPlatform, until, type Platform } from '../harness/platform.ts'

const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } }
/** Far less than the texts take to read, and enough for two busy cores. */
const longestWaitMilliseconds = 1500
const subnetOf = (VpcId: unknown, more: object = {}): object => ({
  Type: 'AWS::EC2::Subnet',
  Properties: { VpcId, CidrBlock: '10.0.0.0/24', ...more },
})

describe('templates that cannot become a stack', () => {
  let platform: Platform
  let stacks: CloudFormationClient
  let ec2: EC2Client

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    stacks = new CloudFormationClient({ endpoint, credentials, region: 'us-east-1' })
    ec2 = new EC2Client({ endpoint, credentials, region: 'us-east-1' })
  })
  after(async () => {
    stacks?.destroy()
    ec2?.destroy()
    await platform?.stop()
  })

  function create(
    template: unknown,
    parameters: Readonly<Record<string, string>> = {},
    StackName = 'broken',
  ): Promise<unknown> {
    const TemplateBody = typeof template === 'string' ? template : JSON.stringify(template)
    const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }))
    return stacks.send(new CreateStackCommand({ StackName, TemplateBody, Parameters }))
  }

  /** Each fails the call itself, with these words, and makes no stack. */
  async function allRefused(
    cases: readonly (readonly [
      template: unknown,
      message: RegExp,
      Readonly<Record<string, string>>?,
    ])[],
  ): Promise<void> {
    await leavesNothing(platform, async () => {
      for (const [template, message, parameters] of cases) {
        await assert.rejects(
          create(template, parameters),
          { name: 'ValidationError', message },
          JSON.stringify(template).slice(0, 200),
        )
      }
    })
  }

  it('says where JSON and YAML are not well-formed, and what they must not hold', async () => {
    await allRefused([
      ['{"Resources":', /JSON not well-formed/],
      ['Resources:\n  A: [\n', /YAML not well-formed.*line/],
      ['Resources:\n\tA: b\n', /YAML not well-formed.*line 2/],
      ['just text', /Template format error/],
      [' ', /Template format error/],
      ['Resources: &a\n  A: *a\n', /Template/],
      [`Resources: &a {A: {Type: T}}\nMetadata:\n${' - *a\n'.repeat(8000)}`, /Unrecognized/],
      [{ Resources: JSON.parse('{"__proto__": {"Type": "AWS::EC2::VPC"}}') }, /__proto__/],
      [
        { Resources: { A: subnetOf({ Ref: '__proto__' }) } },
        /Unresolved resource dependencies \[__proto__\]/,
      ],
      [
        { Resources: { A: subnetOf({ 'Fn::Cidr': ['10.0.0.0/16', { toString: 2 }] }) } },
        /Fn::Cidr/,
      ],
      [
        `{"Resources":{"A":{"Type":"AWS::EC2::VPC","Metadata":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}}}`,
        /Template format error/,
      ],
      [billionLaughs(), /too many values/],
      [`${' '.repeat(51_201)}{"Resources":{}}`, /51200/],
    ])
  })

  it('answers others while it reads long hostile text', async () => {
    const { endpoint, credentials } = platform
    const s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true })
    await s3.send(new CreateBucketCommand({ Bucket: 'templates' }))
    const texts: readonly (readonly [string, RegExp])[] = [
      ['['.repeat(150_000), /Template format error/],
      [`a: &a [x]\nResources:\n${'- *a\n'.repeat(70_000)}`, /too many values/],
    ]
    for (const [index, [Body, message]] of texts.entries()) {
      await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: `${index}`, Body }))
      let isRead = false
      const TemplateURL = `${endpoint}/templates/${index}`
      const refused = stacks
        .send(new CreateStackCommand({ StackName: 'hostile', TemplateURL }))
        .then(() => assert.fail('it was taken'))
        .catch((thrown: unknown) => {
          assert.match(String(thrown), message)
          assert.match(String(thrown), /ValidationError/)
        })
        .finally(() => (isRead = true))
      const waits: number[] = []
      while (!isRead) {
        const began = performance.now()
        await stacks.send(new DescribeStacksCommand({}))
        waits.push(performance.now() - began)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      await refused
      assert.ok(Math.max(...waits) < longestWaitMilliseconds, `waited ${Math.max(...waits)} ms`)
    }
    s3.destroy()
  })

  it('needs resources, and sections that it knows', async () => {
    await allRefused([
      [{ AWSTemplateFormatVersion: '2010-09-09' }, /At least one Resources member/],
      [{ Resources: {} }, /At least one Resources member/],
      [{ AWSTemplateFormatVersion: '2011-01-01', Resources: { A: vpc } }, /2011-01-01/],
      [{ Transform: 'AWS::Serverless-2016-10-31', Resources: { A: vpc } }, /[Tt]ransform/],
      [{ Moon: {}, Resources: { A: vpc } }, /Moon/],
      [{ Resources: { A: { Properties: {} } } }, /must contain a Type/],
      [{ Resources: { 'a-b': vpc } }, /a-b/],
    ])
  })

  it('names references that lead nowhere, and circles', async () => {
    await allRefused([
      [
        { Resources: { A: { ...vpc, DependsOn: 'B' }, B: { ...vpc, DependsOn: 'A' } } },
        /Circular dependency between resources: \[A, B\]/,
      ],
      [
        { Resources: { A: subnetOf({ Ref: 'Nope' }) } },
        /Unresolved resource dependencies \[Nope\]/,
      ],
      [
        { Resources: { A: { ...vpc, DependsOn: 'Nope' } } },
        /Unresolved resource dependencies \[Nope\]/,
      ],
      [{ Resources: { A: subnetOf({ 'Fn::GetAtt': ['Nope', 'Arn'] }) } }, /Nope/],
      [{ Resources: { V: vpc, A: subnetOf({ 'Fn::GetAtt': ['V', 'Moon'] }) } }, /Moon/],
      [{ Resources: { V: vpc }, Outputs: { O: { Value: { Ref: 'Nope' } } } }, /Nope/],
      [{ Resources: { V: { ...vpc, Condition: 'Nope' } } }, /Nope/],
      [{ Resources: { A: subnetOf({ 'Fn::FindInMap': ['Nope', 'a', 'b'] }) } }, /Nope/],
      [{ Resources: { A: subnetOf({ 'Fn::Moon': 'a' }) } }, /Fn::Moon/],
    ])
  })

  it('holds parameters to what the template says of them', async () => {
    const Resources = { V: vpc }
    const Parameters = (P: object): object => ({ Parameters: { P }, Resources })
    await allRefused([
      [Parameters({ Type: 'String' }), /Parameters: \[P\] must have values/],
      [Parameters({ Type: 'Number' }), /must be a number/, { P: 'x' }],
      [Parameters({ Type: 'String', AllowedValues: ['a'] }), /P/, { P: 'b' }],
      [Parameters({ Type: 'String', AllowedPattern: '[a-z]*' }), /P/, { P: 'B' }],
      [Parameters({ Type: 'Moon' }), /Moon/, { P: 'a' }],
      [Parameters({ Type: 'AWS::EC2::KeyPair::KeyName' }), /none/, { P: 'none' }],
      [{ Resources }, /Parameters: \[Q\] do not exist in the template/, { Q: 'a' }],
    ])
  })

  it('goes on with its work under a pattern that would take for ever', async () => {
    const endless = {
      Parameters: { P: { Type: 'String', AllowedPattern: '(a+)+' } },
      Resources: { V: vpc },
    }
    await allRefused([[endless, /takes too long/, { P: `${'a'.repeat(60)}!` }]])
  })

  it('names a type that it does not serve before anything is made', async () => {
    await allRefused([
      [
        { Resources: { V: vpc, A: { Type: 'AWS::Moon::Rock' } } },
        /Unrecognized resource types: \[AWS::Moon::Rock\]/,
      ],
      [{ Resources: { V: vpc, A: { Type: 'AWS::Lambda::Function' } } }, /AWS::Lambda::Function/],
    ])
  })

  it('names a property that it does not honour, and makes nothing of the stack', async () => {
    const bad: readonly (readonly [object, RegExp])[] = [
      [{ Moon: 1 }, /Properties validation failed for resource S.*Moon/s],
      [{ CidrBlock: undefined }, /CidrBlock/],
      [{ Ipv6Native: true }, /Ipv6Native/],
    ]
    const before = await vpcIds()
    for (const [index, [properties, reason]] of bad.entries()) {
      const StackName = `property-${index}`
      await create({ Resources: { V: vpc, S: subnetOf({ Ref: 'V' }, properties) } }, {}, StackName)
      assert.equal(await endOf(StackName), 'ROLLBACK_COMPLETE')
      const events = await eventsOf(StackName)
      const failed = events.find((event) => event.ResourceStatus === 'CREATE_FAILED')
      assert.equal(failed?.LogicalResourceId, 'S')
      assert.match(failed?.ResourceStatusReason ?? '', reason)
      assert.ok(!events.some((event) => event.LogicalResourceId === 'V'), 'V must not be begun')
      await stacks.send(new DeleteStackCommand({ StackName }))
      await gone(StackName)
    }
    assert.deepEqual(await vpcIds(), before)
  })

  it('takes back what it made when a later resource fails', async () => {
    const before = await vpcIds()
    const template = {
      Resources: { V: vpc, S: subnetOf({ Ref: 'V' }, { CidrBlock: '10.99.0.0/24' }) },
    }
    await create(template, {}, 'outside')
    assert.equal(await endOf('outside'), 'ROLLBACK_COMPLETE')
    const failed = (await eventsOf('outside')).find(
      (each) => each.ResourceStatus === 'CREATE_FAILED',
    )
    assert.match(failed?.ResourceStatusReason ?? '', /InvalidSubnet\.Range/)
    assert.deepEqual(await vpcIds(), before)
    await stacks.send(new DeleteStackCommand({ StackName: 'outside' }))
    await gone('outside')
  })

  async function vpcIds(): Promise<readonly string[]> {
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}))
    return Vpcs.map((each) => each.VpcId ?? '').toSorted((a, b) => (a < b ? -1 : 1))
  }

  async function endOf(StackName: string): Promise<string> {
    return until(`stack ${StackName} has ended`, async () => {
      const { Stacks: [stack] = [] } = await stacks.send(new DescribeStacksCommand({ StackName }))
      const status = stack?.StackStatus ?? ''
      return status.endsWith('_IN_PROGRESS') ? undefined : status
    })
  }

  async function eventsOf(StackName: string) {
    const { StackEvents = [] } = await stacks.send(new DescribeStackEventsCommand({ StackName }))
    return StackEvents
  }

  async function gone(StackName: string): Promise<void> {
    await until(`stack ${StackName} is gone`, async () => {
      try {
        await stacks.send(new DescribeStacksCommand({ StackName }))
        return false
      } catch (thrown) {
        return /does not exist/.test((thrown as Error).message)
      }
    })
  }
})

/** Nine aliases of nine aliases, eight times over. */
function billionLaughs(): string {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x]']
  for (let level = 1; level < 9; level++) {
    const aliases = Array.from({ length: 9 }, () => `*a${level - 1}`)
    lines.push(`a${level}: &a${level} [${aliases.join(',')}]`)
  }
  return `${lines.join('\n')}\nResources: {A: *a8}\n`
}
