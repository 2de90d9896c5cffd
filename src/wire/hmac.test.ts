import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { hmacSha256 } from './hmac.ts'

test('the HMAC is that of OpenSSL for every key and text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), (key, text) => {
      const expected = createHmac('sha256', key).update(text).digest('hex')
      const secret = Buffer.from(key)
      assert.equal(hmacSha256(secret, text).toString('hex'), expected)
      assert.equal(hmacSha256(secret, text).toString('hex'), expected)
    }),
  )
})
