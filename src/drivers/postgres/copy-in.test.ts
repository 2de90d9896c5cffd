import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyRow } from './copy-in.ts'

test('a row has its fields in order, and null where there is none', () => {
  assert.equal(copyRow([7, 'a', undefined, 0, '']), '7\ta\t\\N\t0\t\n')
})

test('what would end a field or a row is written with a backslash', () => {
  assert.equal(copyRow(['a\tb\nc\rd\\e']), 'a\\tb\\nc\\rd\\\\e\n')
  assert.equal(copyRow(['\\N', '\\.']), '\\\\N\t\\\\.\n')
})
