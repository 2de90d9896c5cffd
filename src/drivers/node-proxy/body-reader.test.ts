import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BodyReader } from './body-reader.ts'
import { chunked } from './framing.ts'

function framed(parts: readonly string[]): string {
  const chunks = parts.filter((part) => part !== '')
  const text = chunks.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')
  return `${text}0\r\n\r\n`
}

/** Feeds the text in pieces of these sizes; gives the body and what was left over. */
function readIn(text: string, sizes: readonly number[]): { body: string; rest: string } {
  const reader = new BodyReader(chunked)
  let body = ''
  let at = 0
  for (let turn = 0; at < text.length && !reader.done && !reader.broken; turn++) {
    const size = Math.max(1, sizes[turn % Math.max(1, sizes.length)] ?? 1)
    const piece = Buffer.from(text.slice(at, at + size), 'latin1')
    at += reader.read(piece, 0, (part) => (body += part.toString('latin1')))
  }
  assert.ok(reader.done && !reader.broken)
  return { body, rest: text.slice(at) }
}

test('a chunked body is the same however it is cut, and ends where it ends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
      (parts, sizes) => {
        const latin = parts.map((part) => Buffer.from(part, 'utf8').toString('latin1'))
        const { body, rest } = readIn(`${framed(latin)}GET /next`, sizes)
        assert.equal(body, latin.join(''))
        assert.equal(rest, 'GET /next')
      },
    ),
  )
})

test('a body of known length stops at its length', () => {
  const reader = new BodyReader(5)
  let body = ''
  const end = reader.read(Buffer.from('hello, world'), 0, (part) => (body += String(part)))
  assert.deepEqual({ body, end, done: reader.done }, { body: 'hello', end: 5, done: true })
})

test('bytes that are no chunks break the reader and never end a body', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (text) => {
      fc.pre(!/^[0-9a-fA-F]/.test(text))
      const reader = new BodyReader(chunked)
      reader.read(Buffer.from(`${text}\r\n`, 'latin1'), 0, () => undefined)
      assert.ok(!reader.done)
    }),
  )
})
