import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { writeTaken } from './write-taken.ts'

test('a receiver that is behind is waited for, one that is gone is not', async () => {
  const sink = new PassThrough({ highWaterMark: 4 })
  assert.equal(writeTaken(sink, 'ab'), undefined)
  const behind = writeTaken(sink, 'cdef')
  assert.ok(behind)
  sink.resume()
  await behind
  assert.equal(sink.listenerCount('close'), 0)
  sink.pause()
  const cut = writeTaken(sink, 'ghijkl')
  sink.destroy()
  await cut
  assert.equal(writeTaken(sink, 'm'), undefined)
})
