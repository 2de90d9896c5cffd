import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { boundConsole } from './bound-console.ts'
import { consoleReader } from './read-consoles.ts'

test('a console is read from place to place, also when it is cut meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-console-'))
  const path = join(folder, 'console.log')
  const known = { spec: {}, status: {} } as never
  const reader = consoleReader({
    find: (id) => (id === 'i-1' ? known : undefined),
    path: () => path,
  })
  const read = async (place: number, bytesMax = 1000) => {
    const [part] = await reader.consoles({ after: { 'i-1': place, '../i-2': 0 }, bytesMax })
    return part && { ...part, bytes: Buffer.from(part.bytes, 'base64').toString() }
  }
  try {
    assert.equal(await read(0), undefined)
    appendFileSync(path, 'one\ntwo\n')
    assert.deepEqual(await read(0, 4), { id: 'i-1', from: 0, until: 4, bytes: 'one\n' })
    assert.deepEqual(await read(4), { id: 'i-1', from: 4, until: 8, bytes: 'two\n' })
    assert.equal(await read(8), undefined)
    appendFileSync(path, 'three\nfour\n')
    boundConsole(path, 10, 8)
    assert.deepEqual(await read(14), { id: 'i-1', from: 14, until: 19, bytes: 'four\n' })
    assert.deepEqual(await read(4), { id: 'i-1', from: 14, until: 19, bytes: 'four\n' })
    assert.deepEqual(await read(999), { id: 'i-1', from: 14, until: 19, bytes: 'four\n' })
    appendFileSync(path, 'five\nsix\n')
    boundConsole(path, 10, 8)
    assert.deepEqual(await read(19), { id: 'i-1', from: 24, until: 28, bytes: 'six\n' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
