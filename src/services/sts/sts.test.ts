import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIdentity } from '../../identity/create-identity.ts'
import { roles } from '../../identity/records.ts'
import { silentLog } from '../../kernel/ports.ts'
import { call } from '../../testing/fake-request.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { memoryStore } from '../../testing/memory-store.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { stsService } from './index.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const roleArn = 'arn:aws:iam::000000000000:role/deploy/ship'

interface Assumed {
  Credentials: {
    AccessKeyId: string
    SecretAccessKey: string
    SessionToken: string
    Expiration: Date
  }
  AssumedRoleUser: { Arn: string; AssumedRoleId: string }
}

async function world(principal: unknown) {
  const clock = manualClock()
  const store = memoryStore(clock)
  const identity = createIdentity(
    {
      store,
      clock,
      random: seededRandom(5),
      log: silentLog,
      events: { publish() {} },
      wake: { wake() {} },
    },
    scope,
  )
  await store.insert(
    roles,
    { scope: { account: scope.account, region: 'global' }, id: 'ship' },
    {
      roleName: 'ship',
      roleId: 'AROASHIP',
      arn: roleArn,
      path: '/deploy/',
      createdAt: clock.now(),
      tags: [],
      inlinePolicies: [],
      attachedPolicyArns: [],
      maxSessionSeconds: 7200,
      trustPolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
      }),
    },
  )
  return { clock, identity, service: stsService({ identity }) }
}

test('the caller is told who it is', async () => {
  const { service } = await world('*')
  assert.deepEqual(await call(service, 'GetCallerIdentity', {}), {
    UserId: '000000000000',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  })
})

test('a trusted caller takes the role, and its credentials are known', async () => {
  const { service, identity, clock } = await world({ AWS: '000000000000' })
  const answer = await call<Assumed>(service, 'AssumeRole', {
    RoleArn: roleArn,
    RoleSessionName: 'build-1',
    DurationSeconds: 900,
  })
  assert.equal(answer.AssumedRoleUser.Arn, 'arn:aws:sts::000000000000:assumed-role/ship/build-1')
  assert.equal(answer.AssumedRoleUser.AssumedRoleId, 'AROASHIP:build-1')
  assert.equal(answer.Credentials.Expiration.getTime(), clock.now() + 900_000)
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials
  const found = await identity.credentials.find(AccessKeyId)
  assert.equal(found?.secretAccessKey, SecretAccessKey)
  assert.equal(found?.sessionToken, SessionToken)
  assert.deepEqual(await call(service, 'GetAccessKeyInfo', { AccessKeyId }), {
    Account: '000000000000',
  })
})

test('strangers, other names and unknown roles get the same denial', async () => {
  const { service } = await world({ Service: 'ec2.amazonaws.com' })
  const denied = { code: 'AccessDenied', status: 403 }
  const asked = { RoleArn: roleArn, RoleSessionName: 'build' }
  await assert.rejects(call(service, 'AssumeRole', asked), denied)
  const without = 'arn:aws:iam::000000000000:role/ship'
  await assert.rejects(call(service, 'AssumeRole', { ...asked, RoleArn: without }), denied)
})

test('durations, names and ARNs are checked; other members are refused', async () => {
  const { service } = await world('*')
  const asked = { RoleArn: roleArn, RoleSessionName: 'build' }
  const bad: readonly object[] = [
    { ...asked, DurationSeconds: 60 },
    { ...asked, DurationSeconds: 7201 },
    { ...asked, RoleSessionName: 'a b' },
    { ...asked, RoleSessionName: 'x' },
    { ...asked, RoleArn: 'role/ship' },
    { ...asked, Policy: '{}' },
  ]
  for (const input of bad) {
    await assert.rejects(call(service, 'AssumeRole', input), { code: 'ValidationError' })
  }
})

test('a session token speaks for its caller', async () => {
  const { service, identity } = await world('*')
  const answer = await call<Assumed>(service, 'GetSessionToken', {})
  const found = await identity.credentials.find(answer.Credentials.AccessKeyId)
  assert.equal(found?.principal.arn, 'arn:aws:iam::000000000000:root')
  const principal = found?.principal
  assert.ok(principal)
  await assert.rejects(call(service, 'GetSessionToken', {}, { principal }), {
    code: 'AccessDenied',
  })
})
