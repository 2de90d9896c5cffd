import assert from 'node:assert/strict'
import { test } from 'node:test'
import { powerOrder } from './power-order.ts'

const noon = new Date(2026, 0, 1, 12, 0, 0)
const order = (tool: string, ...words: readonly string[]) => powerOrder(tool, words, noon)

test('a machine goes off, or off and on again, at once', () => {
  const off = { kind: 'now', verb: 'poweroff' }
  assert.deepEqual(order('poweroff'), off)
  assert.deepEqual(order('halt', '-p'), off)
  assert.deepEqual(order('shutdown', '-h', 'now'), off)
  assert.deepEqual(order('shutdown', '-P', '+0'), off)
  const again = { kind: 'now', verb: 'reboot' }
  assert.deepEqual(order('reboot', '-f'), again)
  assert.deepEqual(order('shutdown', '-r', 'now', 'for new settings'), again)
})

test('shutdown waits a minute unless it is told when, and can be called off', () => {
  assert.deepEqual(order('shutdown'), { kind: 'later', verb: 'poweroff', seconds: 60 })
  assert.deepEqual(order('shutdown', '-r', '+5'), { kind: 'later', verb: 'reboot', seconds: 300 })
  assert.deepEqual(order('shutdown', '12:30'), { kind: 'later', verb: 'poweroff', seconds: 1800 })
  const tomorrow = { kind: 'later', verb: 'poweroff', seconds: 23 * 3600 }
  assert.deepEqual(order('shutdown', '11:00'), tomorrow)
  assert.deepEqual(order('shutdown', '-c'), { kind: 'cancel' })
})

test('a time or an option that is not understood shuts nothing down', () => {
  assert.throws(() => order('shutdown', 'soon'), /time specification: soon/)
  assert.throws(() => order('shutdown', '25:00'), /time specification/)
  assert.throws(() => order('shutdown', '-k', 'now'), /-k is not supported/)
})
