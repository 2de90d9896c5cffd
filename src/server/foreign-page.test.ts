import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { isOfForeignPage } from './foreign-page.ts'

function asked(headers: Record<string, string>, url = '/'): boolean {
  const all = { host: '127.0.0.1:4566', ...headers }
  return isOfForeignPage({ headers: all, url } as unknown as IncomingMessage)
}

test('an unsigned request that a browser sends for a page of elsewhere is told apart', () => {
  assert.equal(asked({}), false)
  assert.equal(asked({ 'sec-fetch-site': 'none' }), false)
  assert.equal(asked({ origin: 'http://127.0.0.1:4566' }), false)
  assert.equal(asked({ origin: 'https://evil.example' }), true)
  assert.equal(asked({ origin: 'null' }), true)
  assert.equal(asked({ 'sec-fetch-site': 'cross-site' }, '/?Action=TerminateInstances'), true)
  assert.equal(asked({ origin: 'http://127.0.0.1:4567' }), true)
})

test('a signed one goes by its signature', () => {
  const origin = 'http://shop.localhost:4567'
  assert.equal(asked({ origin, authorization: 'AWS4-HMAC-SHA256 Credential=…' }), false)
  assert.equal(asked({ origin }, '/bucket/image?X-Amz-Signature=00'), false)
})
