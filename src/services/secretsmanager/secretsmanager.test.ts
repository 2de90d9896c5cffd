import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  BatchGetSecretValueCommandOutput,
  CreateSecretCommandOutput,
  DescribeSecretCommandOutput,
  GetRandomPasswordCommandOutput,
  GetSecretValueCommandOutput,
  ListSecretsCommandOutput,
  ListSecretVersionIdsCommandOutput,
  PutSecretValueCommandOutput,
} from '@aws-sdk/client-secrets-manager'
import fc from 'fast-check'
import { call } from '../../testing/fake-request.ts'
import { fakeSealer } from '../../testing/fake-sealer.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { memoryStore } from '../../testing/memory-store.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import type { Service } from '../../wire/service.ts'
import { secretReferences, secretsmanagerService } from './index.ts'
import { randomPassword } from './random-password.ts'
import { secretVersions } from './secret.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const dayMilliseconds = 24 * 3600 * 1000

function face() {
  const clock = manualClock()
  const store = memoryStore(clock)
  const deps = { store, clock, random: seededRandom(1), sealer: fakeSealer }
  return { service: secretsmanagerService(deps), clock, store, deps }
}

const value = (service: Service, more: object = {}) =>
  call<GetSecretValueCommandOutput>(service, 'GetSecretValue', { SecretId: 'db', ...more })

test('a secret is found by name, by ARN and by ARN without its end, and is sealed at rest', async () => {
  const { service, store } = face()
  const made = await call<CreateSecretCommandOutput>(service, 'CreateSecret', {
    Name: 'db',
    SecretString: 'open sesame',
  })
  assert.match(made.ARN ?? '', /^arn:aws:secretsmanager:us-east-1:000000000000:secret:db-\w{6}$/)
  for (const SecretId of ['db', made.ARN, made.ARN?.slice(0, -7)]) {
    const read = await value(service, { SecretId })
    assert.equal(read.SecretString, 'open sesame')
    assert.deepEqual(read.VersionStages, ['AWSCURRENT'])
  }
  const [version] = await store.list(secretVersions, scope)
  assert.ok(!JSON.stringify(version?.value).includes('open sesame'))
  const again = { Name: 'db', SecretString: 'x' }
  await assert.rejects(call(service, 'CreateSecret', again), { code: 'ResourceExistsException' })
  await assert.rejects(value(service, { SecretId: 'none' }), { code: 'ResourceNotFoundException' })
  await assert.rejects(value(service, { VersionStage: 'NONE' }), /staging label: NONE/)
})

test('a new version is current, and the one before it previous', async () => {
  const { service } = face()
  await call(service, 'CreateSecret', { Name: 'db', SecretString: 'one' })
  const ClientRequestToken = 'a'.repeat(32)
  const put = { SecretId: 'db', SecretString: 'two', ClientRequestToken }
  const second = await call<PutSecretValueCommandOutput>(service, 'PutSecretValue', put)
  assert.deepEqual(await call(service, 'PutSecretValue', put), second)
  const other = { ...put, SecretString: 'three' }
  await assert.rejects(call(service, 'PutSecretValue', other), { code: 'ResourceExistsException' })
  assert.equal((await value(service)).SecretString, 'two')
  assert.equal((await value(service, { VersionStage: 'AWSPREVIOUS' })).SecretString, 'one')
  await call(service, 'UpdateSecret', { SecretId: 'db', SecretString: 'three' })
  const { Versions = [] } = await call<ListSecretVersionIdsCommandOutput>(
    service,
    'ListSecretVersionIds',
    { SecretId: 'db', IncludeDeprecated: true },
  )
  assert.equal(Versions.length, 3)
  const first = Versions.find(({ VersionStages = [] }) => VersionStages.length === 0)?.VersionId
  await call(service, 'UpdateSecretVersionStage', {
    SecretId: 'db',
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: first,
    RemoveFromVersionId: (await value(service)).VersionId,
  })
  assert.equal((await value(service)).SecretString, 'one')
  assert.equal((await value(service, { VersionStage: 'AWSPREVIOUS' })).SecretString, 'three')
})

test('a deleted secret can be restored until its time is over', async () => {
  const { service, clock } = face()
  await call(service, 'CreateSecret', { Name: 'db', SecretString: 'one' })
  await call(service, 'DeleteSecret', { SecretId: 'db', RecoveryWindowInDays: 7 })
  await assert.rejects(value(service), { code: 'InvalidRequestException' })
  await assert.rejects(call(service, 'CreateSecret', { Name: 'db' }), /scheduled for deletion/)
  const described = await call<DescribeSecretCommandOutput>(service, 'DescribeSecret', {
    SecretId: 'db',
  })
  assert.ok(described.DeletedDate)
  await call(service, 'RestoreSecret', { SecretId: 'db' })
  assert.equal((await value(service)).SecretString, 'one')
  await call(service, 'DeleteSecret', { SecretId: 'db', RecoveryWindowInDays: 7 })
  await clock.advance(7 * dayMilliseconds)
  await assert.rejects(value(service), { code: 'ResourceNotFoundException' })
  await call(service, 'CreateSecret', { Name: 'db', SecretBinary: Buffer.from([1, 2]) })
  assert.deepEqual((await value(service)).SecretBinary, Buffer.from([1, 2]))
  await call(service, 'DeleteSecret', { SecretId: 'db', ForceDeleteWithoutRecovery: true })
  const { SecretList } = await call<ListSecretsCommandOutput>(service, 'ListSecrets', {})
  assert.deepEqual(SecretList, [])
})

test('tags and the policy belong to the secret', async () => {
  const { service } = face()
  await call(service, 'CreateSecret', { Name: 'db', Tags: [{ Key: 'a', Value: '1' }] })
  await call(service, 'TagResource', { SecretId: 'db', Tags: [{ Key: 'b', Value: '2' }] })
  await call(service, 'UntagResource', { SecretId: 'db', TagKeys: ['a'] })
  const { Tags } = await call<DescribeSecretCommandOutput>(service, 'DescribeSecret', {
    SecretId: 'db',
  })
  assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }])
  const ResourcePolicy = '{"Statement":[]}'
  await call(service, 'PutResourcePolicy', { SecretId: 'db', ResourcePolicy })
  const shown = await call(service, 'GetResourcePolicy', { SecretId: 'db' })
  assert.partialDeepStrictEqual(shown, { ResourcePolicy })
  const bad = { SecretId: 'db', ResourcePolicy: 'no' }
  await assert.rejects(call(service, 'PutResourcePolicy', bad), {
    code: 'MalformedPolicyDocumentException',
  })
})

test('templates read a secret, or a member of it', async () => {
  const { service, deps } = face()
  await call(service, 'CreateSecret', { Name: 'db', SecretString: '{"user":"me","port":5}' })
  const resolve = secretReferences(deps)
  assert.equal(await resolve(scope, { secretId: 'db', jsonKey: 'user' }), 'me')
  assert.equal(await resolve(scope, { secretId: 'db', jsonKey: 'port' }), '5')
  assert.equal(await resolve(scope, { secretId: 'db' }), '{"user":"me","port":5}')
  await assert.rejects(resolve(scope, { secretId: 'db', jsonKey: 'none' }), /JSON key none/)
})

test('a password has the asked length, one of each kind, and nothing that is excluded', async () => {
  const { service } = face()
  const { RandomPassword = '' } = await call<GetRandomPasswordCommandOutput>(
    service,
    'GetRandomPassword',
    {},
  )
  assert.equal(RandomPassword.length, 32)
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 100 }),
      fc.nat(),
      fc.string(),
      (length, seed, excluded) => {
        const ExcludeCharacters = excluded.replaceAll(/[aA1!]/g, '')
        const wish = { PasswordLength: length, ExcludeCharacters }
        const password = randomPassword(seededRandom(seed), wish)
        assert.equal(password.length, length)
        for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/]) assert.match(password, kind)
        for (const character of ExcludeCharacters) assert.ok(!password.includes(character))
      },
    ),
  )
  assert.throws(() => randomPassword(seededRandom(1), { PasswordLength: 3 }), /too short/)
})

test('secrets are found by the beginning of their names and tags, and by words of their descriptions', async () => {
  const { service } = face()
  const make = (Name: string, more: object) =>
    call(service, 'CreateSecret', { Name, SecretString: 'x', ...more })
  await make('app/db', {
    Description: 'the Main database',
    Tags: [{ Key: 'stage', Value: 'test' }],
  })
  await make('app/web', {})
  const find = async (Key: string, ...Values: string[]) => {
    const asked = { Filters: [{ Key, Values }] }
    const { SecretList } = await call<ListSecretsCommandOutput>(service, 'ListSecrets', asked)
    return SecretList?.map(({ Name }) => Name)
  }
  assert.deepEqual(await find('name', 'app/'), ['app/db', 'app/web'])
  assert.deepEqual(await find('name', '!app/d'), ['app/web'])
  assert.deepEqual(await find('name', 'App'), [])
  assert.deepEqual(await find('tag-value', 'te', 'x'), ['app/db'])
  assert.deepEqual(await find('description', 'main'), ['app/db'])
  assert.deepEqual(await find('all', 'WEB'), ['app/web'])
  await assert.rejects(find('colour', 'x'), { code: 'InvalidParameterException' })
})

test('many secrets are read at once, and what cannot be told is told of', async () => {
  const { service } = face()
  const make = (Name: string) => call(service, 'CreateSecret', { Name, SecretString: `of ${Name}` })
  await make('app/db')
  await make('app/web')
  await make('other')
  await call(service, 'CreateSecret', { Name: 'app/empty' })
  const read = (input: object) =>
    call<BatchGetSecretValueCommandOutput>(service, 'BatchGetSecretValue', input)
  const listed = await read({ SecretIdList: ['app/web', 'gone', 'app/db'] })
  assert.deepEqual(
    listed.SecretValues?.map(({ SecretString }) => SecretString),
    ['of app/web', 'of app/db'],
  )
  const [error] = listed.Errors ?? []
  assert.deepEqual([error?.SecretId, error?.ErrorCode], ['gone', 'ResourceNotFoundException'])
  const Filters = [{ Key: 'name', Values: ['app/'] }]
  const first = await read({ Filters, MaxResults: 2 })
  const second = await read({ Filters, MaxResults: 2, NextToken: first.NextToken })
  assert.deepEqual(
    [first, second].map((page) => page.SecretValues?.map(({ Name }) => Name)),
    [['app/db'], ['app/web']],
  )
  assert.match(first.Errors?.[0]?.SecretId ?? '', /secret:app\/empty-/)
  assert.equal(second.NextToken, undefined)
  for (const input of [
    {},
    { SecretIdList: ['a'], Filters },
    { SecretIdList: ['a'], MaxResults: 1 },
    { SecretIdList: [] },
    { Filters, MaxResults: 21 },
  ]) {
    await assert.rejects(read(input), { code: 'InvalidParameterException' })
  }
})
