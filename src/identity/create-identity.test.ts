import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../kernel/ports.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { createIdentity } from './create-identity.ts'
import { accessKeys, instanceProfiles, keyScope, roles, sessions } from './records.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const trustPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
})

function world() {
  const clock = manualClock()
  const store = memoryStore(clock)
  const random = seededRandom(7)
  const context = {
    store,
    clock,
    random,
    log: silentLog,
    events: { publish() {} },
    wake: { wake() {} },
  }
  const identity = createIdentity(context, scope)
  return { clock, store, context, identity }
}

async function profile({ store, clock }: ReturnType<typeof world>, trust = trustPolicy) {
  const at = { scope: { account: scope.account, region: 'global' } }
  const kept = { path: '/', createdAt: clock.now(), tags: [] }
  await store.insert(
    roles,
    { ...at, id: 'web' },
    {
      ...kept,
      roleName: 'web',
      roleId: 'AROAWEB',
      arn: 'arn:aws:iam::000000000000:role/web',
      trustPolicy: trust,
      maxSessionSeconds: 3600,
      inlinePolicies: [],
      attachedPolicyArns: [],
    },
  )
  const arn = 'arn:aws:iam::000000000000:instance-profile/web'
  const value = { ...kept, name: 'web', profileId: 'AIPAWEB', arn, roleName: 'web' }
  await store.insert(instanceProfiles, { ...at, id: 'web' }, value)
  return arn
}

test('the first start makes a root key, and every later one finds it', async () => {
  const { identity, context } = world()
  const keys = await identity.firstStartKeys()
  assert.match(keys.accessKeyId, /^AKIA[A-Z2-7]{16}$/)
  assert.match(keys.secretAccessKey, /^[A-Za-z0-9+/]{40}$/)
  const found = await identity.credentials.find(keys.accessKeyId)
  assert.equal(found?.principal.arn, 'arn:aws:iam::000000000000:root')
  assert.deepEqual(await createIdentity(context, scope).firstStartKeys(), keys)
})

test('keys survive a reset of the store', async () => {
  const { identity, store } = world()
  const keys = await identity.firstStartKeys()
  await store.clear()
  assert.equal(await identity.credentials.find(keys.accessKeyId), undefined)
  assert.deepEqual(await identity.firstStartKeys(), keys)
  const found = await identity.credentials.find(keys.accessKeyId)
  assert.equal(found?.secretAccessKey, keys.secretAccessKey)
})

test('a cached key is forgotten when it is made inactive', async () => {
  const { identity, store } = world()
  const { accessKeyId } = await identity.firstStartKeys()
  assert.ok(await identity.credentials.find(accessKeyId))
  const record = await store.find(accessKeys, keyScope, accessKeyId)
  assert.ok(record)
  await store.update(record, { ...record.value, status: 'Inactive' })
  assert.equal(await identity.credentials.find(accessKeyId), undefined)
})

test('an instance gets credentials of its role, the same ones while they last', async () => {
  const made = world()
  const arn = await profile(made)
  const first = await made.identity.instanceProfiles.credentials(scope, arn, 'i-1')
  assert.ok(first)
  assert.deepEqual(await made.identity.instanceProfiles.credentials(scope, arn, 'i-1'), first)
  const found = await made.identity.credentials.find(first.accessKeyId)
  assert.equal(found?.principal.arn, 'arn:aws:sts::000000000000:assumed-role/web/i-1')
  assert.equal(found?.principal.userId, 'AROAWEB:i-1')
  assert.equal(found?.sessionToken, first.sessionToken)
  await made.clock.advance(4 * 3_600_000)
  const later = await made.identity.instanceProfiles.credentials(scope, arn, 'i-1')
  assert.notEqual(later?.accessKeyId, first.accessKeyId)
})

test('a role that does not trust EC2 gives an instance nothing', async () => {
  const made = world()
  const arn = await profile(made, trustPolicy.replace('ec2.', 'lambda.'))
  assert.equal(await made.identity.instanceProfiles.credentials(scope, arn, 'i-1'), undefined)
})

test('expired sessions are swept an hour after', async () => {
  const { identity, store, clock } = world()
  const holder = { arn: 'arn:x', account: scope.account, userId: 'u' }
  await identity.openSession(holder, 900)
  const kept = await identity.openSession(holder, 7200)
  await clock.advance(900_000 + 3_600_000)
  await identity.reconcilers[0]?.reconcile('all', AbortSignal.timeout(1000))
  const left = await store.listAll(sessions)
  assert.deepEqual(
    left.map((record) => record.id),
    [kept.accessKeyId],
  )
})
