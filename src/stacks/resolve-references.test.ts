import assert from 'node:assert/strict'
import { test } from 'node:test'
import { benchScope as scope, stackBench } from '../testing/stack-bench.ts'
import { resourcesOf } from './stack-reader.ts'

const body = (value: string): string => `
Resources:
  A: { Type: Fake::Thing, Properties: { Value: "${value}" } }`

const request = (text: string) => ({
  source: { body: text, endpointHost: 'localhost' },
  parameters: [],
  tags: undefined,
  capabilities: [],
  token: undefined,
})

test('a type gets what a reference stands for, and the records keep the reference', async () => {
  let secret = 'open sesame'
  const bench = await stackBench({ dynamic: () => secret })
  const { operations, store } = bench.stacks
  const text = '{{resolve:secretsmanager:db:SecretString:password}}!'
  const more = { onFailure: 'ROLLBACK', timeoutMinutes: undefined, isProtected: false } as const
  await operations.create(scope, { ...request(body(text)), ...more, name: 'shop' })
  await bench.settle()
  const stack = await bench.find('shop')
  assert.equal(stack.status, 'CREATE_COMPLETE')
  const [made] = [...bench.world.live.values()]
  assert.equal(made?.properties['Value'], 'open sesame!')
  const [record] = await resourcesOf(store, scope, stack.uuid)
  assert.equal(record?.current.properties['Value'], text)

  secret = 'changed'
  await operations.update(scope, { ...request(body(`${text}?`)), nameOrId: 'shop' })
  await bench.settle()
  assert.equal(made?.properties['Value'], 'changed!?')
})

test('a reference without a value fails the resource by its name', async () => {
  const bench = await stackBench({
    dynamic() {
      throw new Error('there is no such secret')
    },
  })
  const more = { onFailure: 'DO_NOTHING', timeoutMinutes: undefined, isProtected: false } as const
  const text = body('{{resolve:ssm:/none}}')
  await bench.stacks.operations.create(scope, { ...request(text), ...more, name: 'shop' })
  const bad = body('{{resolve:ssm-secure:/none}}')
  await bench.stacks.operations.create(scope, { ...request(bad), ...more, name: 'bad' })
  await bench.settle()
  assert.match((await bench.events('shop')).join(), /A CREATE_FAILED .*there is no such secret/)
  assert.match(
    (await bench.events('bad')).join(),
    /SSM Secure reference is not supported in: \[Fake::Thing\/Properties\/Value\]/,
  )
  assert.equal(bench.world.live.size, 0)
})
