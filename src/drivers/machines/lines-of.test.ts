import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { linesOf } from './lines-of.ts'

test('lines are whole, however their bytes come', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '🙂'), maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (all, size) => {
      const bytes = Buffer.from(all)
      const pieces: Buffer[] = []
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
      const lines: string[] = []
      for await (const line of linesOf(Readable.from(pieces))) lines.push(line)
      const expected = all.split('\n')
      if (expected.at(-1) === '') expected.pop()
      assert.deepEqual(lines, expected)
    }),
  )
})
