import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identityOf, isAlive, parsePidLine } from './process-identity.ts'

const fields = '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 20'

test('a pid line is read even when the command name holds spaces and parentheses', () => {
  const identity = parsePidLine(`boot-1 4711 (a) b (c) S ${fields}`)
  assert.deepEqual(identity, { pid: 4711, startTime: '777', bootId: 'boot-1' })
})

test('half a pid line is no identity', () => {
  assert.equal(parsePidLine('boot-1 4711 (sh) S 1 2'), undefined)
  assert.equal(parsePidLine(''), undefined)
})

test('the own process is alive, and not under another start time or boot', () => {
  const self = identityOf(process.pid)
  assert.ok(self)
  assert.ok(isAlive(self))
  assert.ok(!isAlive({ ...self, startTime: '1' }))
  assert.ok(!isAlive({ ...self, bootId: 'another' }))
})
