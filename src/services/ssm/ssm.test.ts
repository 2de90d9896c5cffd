import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  DescribeParametersCommandOutput,
  GetParameterCommandOutput,
  GetParameterHistoryCommandOutput,
  GetParametersByPathCommandOutput,
  GetParametersCommandOutput,
  LabelParameterVersionCommandOutput,
  ListTagsForResourceCommandOutput,
  PutParameterCommandOutput,
  UnlabelParameterVersionCommandOutput,
} from '@aws-sdk/client-ssm'
import { defaultImage } from '../../compute/domain/images.ts'
import { call } from '../../testing/fake-request.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { fakeSealer } from '../../testing/fake-sealer.ts'
import { memoryStore } from '../../testing/memory-store.ts'
import type { Service } from '../../wire/service.ts'
import { ssmService } from './index.ts'

function face(): Service {
  const clock = manualClock()
  return ssmService({ store: memoryStore(clock), clock, sealer: fakeSealer })
}

function put(service: Service, Name: string, Value: string, more: object = {}) {
  return call<PutParameterCommandOutput>(service, 'PutParameter', {
    Name,
    Value,
    Type: 'String',
    ...more,
  })
}

test('a value is kept with its versions, and overwritten only when asked', async () => {
  const service = face()
  assert.equal((await put(service, '/app/size', '1')).Version, 1)
  await assert.rejects(put(service, '/app/size', '2'), /The parameter already exists/)
  assert.equal((await put(service, '/app/size', '2', { Overwrite: true })).Version, 2)
  const get = async (Name: string): Promise<string | undefined> =>
    (await call<GetParameterCommandOutput>(service, 'GetParameter', { Name })).Parameter?.Value
  assert.equal(await get('/app/size'), '2')
  assert.equal(await get('/app/size:1'), '1')
  assert.equal(await get('arn:aws:ssm:us-east-1:000000000000:parameter/app/size'), '2')
  await assert.rejects(get('/app/size:9'), /could not find version/)
  await assert.rejects(get('/app/none'), /Parameter \/app\/none not found/)
  const at = { Name: '/app/size' }
  const history = await call<GetParameterHistoryCommandOutput>(service, 'GetParameterHistory', at)
  assert.deepEqual(
    history.Parameters?.map(({ Version, Value }) => [Version, Value]),
    [
      [1, '1'],
      [2, '2'],
    ],
  )
})

test('parameters are listed by path, page by page, and deleted by name', async () => {
  const service = face()
  for (const name of ['/a/1', '/a/2', '/a/b/3', '/c']) await put(service, name, 'x')
  const list = async (input: object): Promise<readonly (string | undefined)[]> => {
    const names: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const page: GetParametersByPathCommandOutput = await call(service, 'GetParametersByPath', {
        ...input,
        MaxResults: 2,
        ...(NextToken === undefined ? {} : { NextToken }),
      })
      names.push(...(page.Parameters ?? []).map(({ Name }) => Name))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    return names
  }
  assert.deepEqual(await list({ Path: '/a' }), ['/a/1', '/a/2'])
  assert.deepEqual(await list({ Path: '/a', Recursive: true }), ['/a/1', '/a/2', '/a/b/3'])
  await call(service, 'DeleteParameter', { Name: '/a/1' })
  const Names = ['/a/1', '/a/2']
  const some = await call<GetParametersCommandOutput>(service, 'GetParameters', { Names })
  assert.deepEqual(some.InvalidParameters, ['/a/1'])
  assert.equal(some.Parameters?.[0]?.Name, '/a/2')
})

test('AWS’s names of images are the default image', async () => {
  const service = face()
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'
  const found = await call<GetParameterCommandOutput>(service, 'GetParameter', { Name })
  assert.equal(found.Parameter?.Value, defaultImage.imageId)
  const Path = '/aws/service/ami-amazon-linux-latest'
  const listed = await call<GetParametersByPathCommandOutput>(service, 'GetParametersByPath', {
    Path,
  })
  assert.equal(listed.Parameters?.length, 6)
})

test('what cannot be kept is refused', async () => {
  const service = face()
  await assert.rejects(put(service, 'aws-thing', 'x'), /must not begin with aws/)
  await assert.rejects(put(service, 'a/b', 'x'), /fully qualified/)
  await assert.rejects(put(service, 'n', ''), /1 to 4096 bytes/)
  await assert.rejects(put(service, 'n', 'x', { AllowedPattern: '^y$' }), /cannot be validated/)
  await assert.rejects(put(service, 'n', 'x', { Tier: 'Advanced' }), /Tier of PutParameter/)
})

test('a secure string is sealed at rest, and shown in the clear only when that is asked for', async () => {
  const service = face()
  await put(service, 'password', 'one', { Type: 'SecureString' })
  await put(service, 'password', 'two', { Type: 'SecureString', Overwrite: true })
  const read = async (Name: string, WithDecryption: boolean): Promise<string | undefined> => {
    const asked = { Name, WithDecryption }
    const { Parameter } = await call<GetParameterCommandOutput>(service, 'GetParameter', asked)
    return Parameter?.Value
  }
  assert.equal(await read('password', true), 'two')
  assert.equal(await read('password:1', true), 'one')
  assert.ok(!(await read('password', false))?.includes('two'))
})

test('parameters carry tags, and are found by them, by name, path and type', async () => {
  const service = face()
  await put(service, '/app/size', '1', { Tags: [{ Key: 'stage', Value: 'test' }] })
  await put(service, '/app/db/list', 'a,b', { Type: 'StringList' })
  const named = { ResourceType: 'Parameter', ResourceId: '/app/size' }
  await call(service, 'AddTagsToResource', { ...named, Tags: [{ Key: 'owner', Value: 'ü' }] })
  await call(service, 'RemoveTagsFromResource', { ...named, TagKeys: ['stage', 'none'] })
  const tags = await call<ListTagsForResourceCommandOutput>(service, 'ListTagsForResource', named)
  assert.deepEqual(tags.TagList, [{ Key: 'owner', Value: 'ü' }])
  const find = async (Key: string, Values?: string[], Option?: string) => {
    const ParameterFilters = [{ Key, ...(Values && { Values }), ...(Option && { Option }) }]
    const asked = { ParameterFilters }
    const page = await call<DescribeParametersCommandOutput>(service, 'DescribeParameters', asked)
    return page.Parameters?.map(({ Name }) => Name)
  }
  assert.deepEqual(await find('Name', ['/app/size']), ['/app/size'])
  assert.deepEqual(await find('Name', ['/app'], 'BeginsWith'), ['/app/db/list', '/app/size'])
  assert.deepEqual(await find('Path', ['/app']), ['/app/size'])
  assert.deepEqual(await find('Path', ['/app'], 'Recursive'), ['/app/db/list', '/app/size'])
  assert.deepEqual(await find('Type', ['StringList']), ['/app/db/list'])
  assert.deepEqual(await find('tag:owner'), ['/app/size'])
  assert.deepEqual(await find('tag:owner', ['x']), [])
  await assert.rejects(find('Colour', ['x']), { name: 'InvalidFilterKey' })
  await assert.rejects(find('Path', ['/app'], 'Equals'), { name: 'InvalidFilterOption' })
  const gone = { ...named, ResourceId: '/none' }
  await assert.rejects(call(service, 'ListTagsForResource', gone), { name: 'InvalidResourceId' })
  const both = put(service, '/app/size', '2', { Overwrite: true, Tags: [{ Key: 'a', Value: '' }] })
  await assert.rejects(both, /tags and overwrite/)
})

test('ten parameters are read at once, and no more', async () => {
  const Names = Array.from({ length: 11 }, (_, index) => `n${index}`)
  await assert.rejects(call(face(), 'GetParameters', { Names }), { name: 'ValidationException' })
})

test('labels name versions, move between them, and hold the oldest one', async () => {
  const service = face()
  const Name = '/app/size'
  const get = async (selector: string) => {
    const at = { Name: `${Name}:${selector}` }
    return (await call<GetParameterCommandOutput>(service, 'GetParameter', at)).Parameter
  }
  const label = (Labels: string[], ParameterVersion?: number) =>
    call<LabelParameterVersionCommandOutput>(service, 'LabelParameterVersion', {
      ...{ Name, Labels },
      ...(ParameterVersion && { ParameterVersion }),
    })
  await assert.rejects(label(['x']), { code: 'ParameterNotFound' })
  await put(service, Name, 'v1')
  const bad = ['aws-x', 'SSM', '1st', 'a b', 'x'.repeat(101)]
  assert.deepEqual(await label(['live', ...bad]), { InvalidLabels: bad, ParameterVersion: 1 })
  await put(service, Name, 'v2', { Overwrite: true })
  const live = await get('live')
  assert.deepEqual([live?.Value, live?.Version, live?.Selector], ['v1', 1, ':live'])
  await label(['live', 'next'])
  assert.equal((await get('live'))?.Value, 'v2')
  const history = await call<GetParameterHistoryCommandOutput>(service, 'GetParameterHistory', {
    Name,
  })
  assert.deepEqual(
    history.Parameters?.map(({ Labels }) => Labels),
    [[], ['live', 'next']],
  )
  await assert.rejects(label(['x'], 9), { code: 'ParameterVersionNotFound' })
  const many = Array.from({ length: 9 }, (_, index) => `l${index}`)
  await assert.rejects(label(many), { code: 'ParameterVersionLabelLimitExceeded' })
  const taken = await call<UnlabelParameterVersionCommandOutput>(
    service,
    'UnlabelParameterVersion',
    { Name, ParameterVersion: 2, Labels: ['next', 'never'] },
  )
  assert.deepEqual([taken.RemovedLabels, taken.InvalidLabels], [['next'], ['never']])
  await assert.rejects(get('next'), { code: 'ParameterVersionNotFound' })
  for (let version = 3; version <= 22; version++) {
    await put(service, Name, `v${version}`, { Overwrite: true })
  }
  await assert.rejects(put(service, Name, 'one more', { Overwrite: true }), {
    code: 'ParameterMaxVersionLimitExceeded',
  })
  await label(['live'])
  await put(service, Name, 'one more', { Overwrite: true })
  assert.equal((await get('live'))?.Value, 'v22')
})
