import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  CreateKeyCommandOutput,
  DecryptCommandOutput,
  DescribeKeyCommandOutput,
  EncryptCommandOutput,
  GenerateDataKeyCommandOutput,
  GenerateRandomCommandOutput,
  ListAliasesCommandOutput,
  ListResourceTagsCommandOutput,
  ReEncryptCommandOutput,
} from '@aws-sdk/client-kms'
import type { ResourceContext } from '../../stacks/resource-type.ts'
import { call } from '../../testing/fake-request.ts'
import { fakeSealer } from '../../testing/fake-sealer.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { memoryStore } from '../../testing/memory-store.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { kmsResourceTypes, kmsService } from './index.ts'
import { keys } from './keys.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const dayMilliseconds = 24 * 3600 * 1000

function face() {
  const clock = manualClock()
  const deps = { store: memoryStore(clock), clock, random: seededRandom(1), sealer: fakeSealer }
  const service = kmsService(deps)
  const newKey = async () => {
    const made = await call<CreateKeyCommandOutput>(service, 'CreateKey', {})
    return made.KeyMetadata?.KeyId ?? ''
  }
  const encrypt = (more: object) =>
    call<EncryptCommandOutput>(service, 'Encrypt', { Plaintext: Buffer.from('text'), ...more })
  const decrypt = (more: object) => call<DecryptCommandOutput>(service, 'Decrypt', more)
  return { service, clock, deps, newKey, encrypt, decrypt }
}

test('what a key encrypts it decrypts, in its context alone', async () => {
  const { newKey, encrypt, decrypt } = face()
  const KeyId = await newKey()
  const EncryptionContext = { a: '1', b: '2' }
  const { CiphertextBlob = new Uint8Array() } = await encrypt({ KeyId, EncryptionContext })
  assert.ok(!Buffer.from(CiphertextBlob).includes('text'))
  const back = await decrypt({ CiphertextBlob, EncryptionContext: { b: '2', a: '1' } })
  assert.equal(Buffer.from(back.Plaintext ?? []).toString(), 'text')
  const wrong = { code: 'InvalidCiphertextException' }
  await assert.rejects(decrypt({ CiphertextBlob }), wrong)
  const changed = Buffer.from(CiphertextBlob)
  changed.writeUInt8((changed.at(-1) ?? 0) ^ 1, changed.length - 1)
  await assert.rejects(decrypt({ CiphertextBlob: changed, EncryptionContext }), wrong)
  await assert.rejects(decrypt({ CiphertextBlob: Buffer.from('no') }), wrong)
  const other = await newKey()
  await assert.rejects(decrypt({ CiphertextBlob, EncryptionContext, KeyId: other }), {
    code: 'IncorrectKeyException',
  })
})

test('a data key comes in the clear and encrypted', async () => {
  const { service, newKey, decrypt } = face()
  const KeyId = await newKey()
  const wish = { KeyId, KeySpec: 'AES_256' }
  const made = await call<GenerateDataKeyCommandOutput>(service, 'GenerateDataKey', wish)
  assert.equal(made.Plaintext?.length, 32)
  const back = await decrypt({ CiphertextBlob: made.CiphertextBlob })
  assert.deepEqual(Buffer.from(back.Plaintext ?? []), Buffer.from(made.Plaintext ?? []))
  await assert.rejects(call(service, 'GenerateDataKey', { KeyId }), { code: 'ValidationException' })
})

test('a disabled key does nothing; one that is to be deleted waits, and is gone after its window', async () => {
  const { service, clock, newKey, encrypt } = face()
  const KeyId = await newKey()
  await call(service, 'DisableKey', { KeyId })
  await assert.rejects(encrypt({ KeyId }), { code: 'DisabledException' })
  await call(service, 'EnableKey', { KeyId })
  await encrypt({ KeyId })
  await call(service, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  await assert.rejects(encrypt({ KeyId }), { code: 'KMSInvalidStateException' })
  await call(service, 'CancelKeyDeletion', { KeyId })
  const { KeyMetadata } = await call<DescribeKeyCommandOutput>(service, 'DescribeKey', { KeyId })
  assert.equal(KeyMetadata?.KeyState, 'Disabled')
  await call(service, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  await clock.advance(7 * dayMilliseconds)
  await assert.rejects(call(service, 'DescribeKey', { KeyId }), { code: 'NotFoundException' })
})

test('an alias names a key, and its material is sealed at rest', async () => {
  const { service, deps, newKey, encrypt } = face()
  const first = await newKey()
  const alias = { AliasName: 'alias/app', TargetKeyId: first }
  await call(service, 'CreateAlias', alias)
  await assert.rejects(call(service, 'CreateAlias', alias), { code: 'AlreadyExistsException' })
  await assert.rejects(call(service, 'CreateAlias', { ...alias, AliasName: 'app' }), {
    code: 'InvalidAliasNameException',
  })
  const second = await newKey()
  await call(service, 'UpdateAlias', { ...alias, TargetKeyId: second })
  assert.match((await encrypt({ KeyId: 'alias/app' })).KeyId ?? '', new RegExp(`${second}$`))
  const { Aliases = [] } = await call<ListAliasesCommandOutput>(service, 'ListAliases', {
    KeyId: second,
  })
  assert.equal(Aliases[0]?.AliasName, 'alias/app')
  await call(service, 'DeleteAlias', { AliasName: 'alias/app' })
  await assert.rejects(encrypt({ KeyId: 'alias/app' }), { code: 'NotFoundException' })
  for (const { value } of await deps.store.list(keys, scope)) {
    assert.match(value.sealedMaterial, new RegExp(`^kms/${value.keyId}`))
  }
})

test('a stack makes its key once, however often it asks, and its removal waits', async () => {
  const { service, deps } = face()
  const [type] = kmsResourceTypes(deps)
  assert.ok(type)
  const context = { scope, token: 't', tags: [], started: async () => undefined }
  const asked = context as unknown as ResourceContext
  const made = await type.create({ Description: 'of a stack' }, asked)
  assert.deepEqual(await type.create({ Description: 'of a stack' }, asked), made)
  await type.remove({ physicalId: made.physicalId, properties: { PendingWindowInDays: 7 } }, asked)
  const { KeyMetadata } = await call<DescribeKeyCommandOutput>(service, 'DescribeKey', {
    KeyId: made.physicalId,
  })
  assert.equal(KeyMetadata?.KeyState, 'PendingDeletion')
})

test('what was encrypted under one key is encrypted under another, without being shown', async () => {
  const { service, newKey, encrypt } = face()
  const [first, second] = [await newKey(), await newKey()]
  const { CiphertextBlob } = await encrypt({ KeyId: first, EncryptionContext: { a: '1' } })
  const moved = { CiphertextBlob, DestinationKeyId: second, SourceEncryptionContext: { a: '1' } }
  const again = await call<ReEncryptCommandOutput>(service, 'ReEncrypt', moved)
  assert.match(again.KeyId ?? '', new RegExp(`${second}$`))
  const open = { CiphertextBlob: again.CiphertextBlob, KeyId: second }
  const { Plaintext } = await call<DecryptCommandOutput>(service, 'Decrypt', open)
  const before = { CiphertextBlob, EncryptionContext: { a: '1' } }
  const original = await call<DecryptCommandOutput>(service, 'Decrypt', before)
  assert.deepEqual(Plaintext, original.Plaintext)
  const foreign = { ...moved, SourceKeyId: second }
  await assert.rejects(call(service, 'ReEncrypt', foreign), { code: 'IncorrectKeyException' })
})

test('tags of a key are set and taken away', async () => {
  const { service, newKey } = face()
  const KeyId = await newKey()
  const tags = (name: string, value: string) => ({ TagKey: name, TagValue: value })
  await call(service, 'TagResource', { KeyId, Tags: [tags('a', '1'), tags('b', '2')] })
  await call(service, 'UntagResource', { KeyId, TagKeys: ['a'] })
  const { Tags } = await call<ListResourceTagsCommandOutput>(service, 'ListResourceTags', { KeyId })
  assert.deepEqual(Tags, [tags('b', '2')])
  const { Plaintext } = await call<GenerateRandomCommandOutput>(service, 'GenerateRandom', {
    NumberOfBytes: 32,
  })
  assert.equal(Plaintext?.length, 32)
})
