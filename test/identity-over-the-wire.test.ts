import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIdentity } from '../src/identity/create-identity.ts'
import { silentLog } from '../src/kernel/ports.ts'
import { createScale } from '../src/scale/create-scale.ts'
import { autoscalingService } from '../src/services/autoscaling/index.ts'
import { iamService } from '../src/services/iam/index.ts'
import { stsService } from '../src/services/sts/index.ts'
import { fakeInstances } from '../src/testing/fake-instances.ts'
import { fakeTargets } from '../src/testing/fake-targets.ts'
import { manualClock } from '../src/testing/manual-clock.ts'
import { memoryStore } from '../src/testing/memory-store.ts'
import { seededRandom } from '../src/testing/seeded-random.ts'
import { officialClient, type OfficialClient } from '../src/testing/wire-client.ts'
import { createWire } from '../src/wire/create-wire.ts'

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Identity, IAM, STS and Auto Scaling behind the real wire, asked by the official clients with real signatures. */
function world() {
  const scope = { account: '000000000000', region: 'us-east-1' }
  const clock = manualClock(Date.now())
  const random = seededRandom(21)
  const context = {
    store: memoryStore(clock),
    clock,
    random,
    log: silentLog,
    events: { publish() {} },
    wake: { wake() {} },
  }
  const identity = createIdentity(context, scope)
  const scale = createScale(context, {
    instances: fakeInstances(context),
    targets: fakeTargets(),
    launchTemplates: {
      resolve: async () => ({
        launchTemplateId: 'lt-1',
        launchTemplateName: 'web',
        version: '3',
        request: { imageId: 'ami-1', instanceType: 't3.micro', tags: [] },
      }),
    },
    network: { subnet: async () => undefined, defaultSubnets: async () => [] },
  })
  const services = [
    iamService({ identity }),
    stsService({ identity }),
    autoscalingService({ scale }),
  ]
  const wire = createWire({
    services,
    authentication: 'on',
    credentials: identity.credentials,
    clock,
    random,
    log: silentLog,
    defaults: scope,
  })
  const client = (name: string, credentials: Keys): OfficialClient =>
    officialClient({ client: name, credentials, exchange: (request) => wire.exchange(request) })
  return { identity, client }
}

test('a key made by IAM signs, takes a role by trust, and its session signs too', async () => {
  const { identity, client } = world()
  const root = await identity.firstStartKeys()
  const iam = client('iam', root)
  await iam.send('CreateUser', { UserName: 'alice' })
  const made = await iam.send('CreateAccessKey', { UserName: 'alice' })
  const key = made['AccessKey'] as { AccessKeyId: string; SecretAccessKey: string }
  const alice = client('sts', {
    accessKeyId: key.AccessKeyId,
    secretAccessKey: key.SecretAccessKey,
  })
  const caller = await alice.send('GetCallerIdentity', {})
  assert.equal(caller['Arn'], 'arn:aws:iam::000000000000:user/alice')

  const trust = (principal: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
    })
  await iam.send('CreateRole', {
    RoleName: 'ship',
    AssumeRolePolicyDocument: trust('arn:aws:iam::000000000000:user/bob'),
  })
  const ask = { RoleArn: 'arn:aws:iam::000000000000:role/ship', RoleSessionName: 'build' }
  await assert.rejects(alice.send('AssumeRole', ask), { name: 'AccessDenied' })
  await iam.send('UpdateAssumeRolePolicy', {
    RoleName: 'ship',
    PolicyDocument: trust('arn:aws:iam::000000000000:user/alice'),
  })
  const { Credentials } = await alice.send('AssumeRole', ask)
  const session = Credentials as {
    AccessKeyId: string
    SecretAccessKey: string
    SessionToken: string
    Expiration: Date
  }
  assert.ok(session.Expiration instanceof Date)
  const keys = { accessKeyId: session.AccessKeyId, secretAccessKey: session.SecretAccessKey }
  const role = client('sts', { ...keys, sessionToken: session.SessionToken })
  const now = await role.send('GetCallerIdentity', {})
  assert.equal(now['Arn'], 'arn:aws:sts::000000000000:assumed-role/ship/build')
  await assert.rejects(client('sts', keys).send('GetCallerIdentity', {}), /token|Token/)

  await iam.send('DeleteAccessKey', { UserName: 'alice', AccessKeyId: key.AccessKeyId })
  await assert.rejects(alice.send('GetCallerIdentity', {}), { name: 'InvalidClientTokenId' })
})

test('modelled errors arrive as their classes, and what is not supported is named', async () => {
  const { identity, client } = world()
  const root = await identity.firstStartKeys()
  const iam = client('iam', root)
  await assert.rejects(iam.send('GetRole', { RoleName: 'none' }), {
    name: 'NoSuchEntityException',
  })
  const groups = client('auto-scaling', root)
  const group = {
    AutoScalingGroupName: 'web',
    MinSize: 0,
    MaxSize: 1,
    AvailabilityZones: ['us-east-1a'],
    LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '$Latest' },
    Tags: [{ Key: 'app', Value: 'web', PropagateAtLaunch: true }],
  }
  await groups.send('CreateAutoScalingGroup', group)
  await assert.rejects(groups.send('CreateAutoScalingGroup', group), {
    name: 'AlreadyExistsFault',
  })
  await assert.rejects(
    groups.send('CreateAutoScalingGroup', {
      ...group,
      PlacementGroup: 'racks',
    }),
    /PlacementGroup of CreateAutoScalingGroup is not supported/,
  )
  const { AutoScalingGroups } = await groups.send('DescribeAutoScalingGroups', {})
  const [found] = AutoScalingGroups as [Record<string, unknown>]
  assert.equal(found['DesiredCapacity'], 0)
  assert.deepEqual(found['Instances'], [])
  assert.ok(found['CreatedTime'] instanceof Date)
  assert.deepEqual(found['Tags'], [
    {
      ResourceId: 'web',
      ResourceType: 'auto-scaling-group',
      Key: 'app',
      Value: 'web',
      PropagateAtLaunch: true,
    },
  ])
  await groups.send('DeleteAutoScalingGroup', { AutoScalingGroupName: 'web' })
})
