import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { LoopbackRanges, rangesListening } from './loopback-ranges.ts'

test('ranges in which somebody listens are read from the kernel’s list', () => {
  const lines = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid',
    '   0: 0501177F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0',
    '   1: 0100007F:1A0A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0',
    '  12: 0501187F:C350 0501187F:0050 01 00000000:00000000 00:00000000 00000000     0',
  ]
  assert.deepEqual(rangesListening(`${lines.join('\n')}\n`), [0x17, 0])
})

test('a network keeps its range, others get others, and a range comes back with its network’s end', () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'ek-ranges-'))
  try {
    const ranges = new LoopbackRanges(dataDirectory)
    assert.equal(ranges.find('vpc-0'), undefined)
    const taken = Array.from({ length: 20 }, (_, at) => ranges.take(`vpc-${at}`))
    assert.equal(new Set(taken).size, taken.length)
    assert.ok(taken.every((range) => range >= 1 && range <= 254))
    assert.equal(new LoopbackRanges(dataDirectory).take('vpc-3'), taken[3])
    ranges.release('vpc-3')
    assert.equal(ranges.find('vpc-3'), undefined)
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true })
  }
})
