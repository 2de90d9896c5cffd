import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { boundConsole } from './bound-console.ts'

test('a console that grew too long keeps its last lines whole, and goes on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-console-'))
  const path = join(folder, 'console.log')
  try {
    boundConsole(path)
    const lines = Array.from({ length: 100 }, (_, n) => `line ${n}\n`)
    appendFileSync(path, lines.join(''))
    boundConsole(path, 2000, 100)
    assert.equal(readFileSync(path, 'utf8'), lines.join(''))
    boundConsole(path, 500, 100)
    appendFileSync(path, 'more\n')
    const left = readFileSync(path, 'utf8')
    assert.ok(left.length < 120)
    assert.match(left, /^line \d\d\n[^]*line 99\nmore\n$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
