import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPostPolicy, readPostPolicy } from './post-policy.ts'

const expiration = '2026-11-22T12:00:00.000Z'
const before = Date.parse(expiration) - 1
const policyOf = (...conditions: readonly unknown[]) =>
  readPostPolicy(JSON.stringify({ expiration, conditions }))
const check = (conditions: readonly unknown[], fields: Record<string, string>, now = before) =>
  checkPostPolicy(policyOf(...conditions), new Map(Object.entries(fields)), now)

test('what cannot be read as a policy is refused', () => {
  const bad = [
    'no JSON',
    '[]',
    '{}',
    JSON.stringify({ conditions: [] }),
    JSON.stringify({ expiration }),
    JSON.stringify({ EXPIRATION: expiration, conditions: [] }),
    JSON.stringify({ expiration: 'tomorrow', conditions: [] }),
    JSON.stringify({ expiration: '2026-13-45T00:00:00Z', conditions: [] }),
    ...[
      {},
      { a: 'b', c: 'd' },
      { a: 1 },
      ['eq', 'key', 'a'],
      ['like', '$key', 'a'],
      ['eq', '$key'],
      ['content-length-range', 0],
      ['content-length-range', -1, 2],
      'key',
    ].map((condition) => JSON.stringify({ expiration, conditions: [condition] })),
  ]
  for (const text of bad) {
    assert.throws(() => readPostPolicy(text), { code: 'InvalidPolicyDocument' }, text)
  }
})

test('conditions match in any case of their fields, and content types one by one', () => {
  check([{ Bucket: 'b' }, ['eq', '$KEY', 'k']], { bucket: 'b', key: 'k' })
  check([['starts-with', '$key', '']], { key: 'anything' })
  const images = [['starts-with', '$Content-Type', 'image/']]
  check(images, { 'content-type': 'image/png, image/jpeg' })
  for (const [conditions, fields] of [
    [images, { 'content-type': 'image/png,text/html' }],
    [[['starts-with', '$key', 'in/']], { key: 'out' }],
    [[{ key: 'k' }], {}],
  ] as const) {
    assert.throws(() => check(conditions, fields), { code: 'AccessDenied' })
  }
})

test('every field must be in a condition, but those that sign and those to be ignored', () => {
  const signed = { policy: 'p', 'x-amz-signature': 's', signature: 's', awsaccesskeyid: 'A' }
  check([{ key: 'k' }], { key: 'k', ...signed, 'x-ignore-this': '1' })
  assert.throws(() => check([{ key: 'k' }], { key: 'k', bucket: 'b' }), {
    message: 'Invalid according to Policy: Extra input fields: bucket',
  })
})

test('a policy ends, and the narrowest of its sizes holds', () => {
  assert.throws(() => check([], {}, before + 2), { message: /Policy expired/ })
  const { sizes } = policyOf(['content-length-range', 1, 9], ['content-length-range', '3', '20'])
  assert.deepEqual(sizes, { min: 3, max: 9 })
})
