import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PlacedMetadata } from '../protocol/edge.ts'
import { KeptMetadata } from './kept-metadata.ts'

function placed(instanceId: string, networkId = 'vpc-1'): PlacedMetadata {
  const instance = { instanceId, address: '10.0.0.4', tokens: 'optional', enabled: true } as const
  return { networkId, instance: { ...instance, leaves: {} } }
}

test('what an edge heard is there again after its end, and what is gone is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-metadata-'))
  try {
    const kept = new KeptMetadata(folder)
    assert.equal(kept.generation, -1)
    const all = [placed('i-a'), placed('i-b', 'vpc-2'), placed('i-c')]
    kept.take({ generation: 5, isWhole: true, changed: all, gone: [] })
    kept.take({ generation: 6, isWhole: false, changed: [placed('i-d')], gone: ['i-c'] })
    const again = new KeptMetadata(folder)
    assert.equal(again.generation, 6)
    const ids = again
      .networks()
      .map(({ networkId, instances }) => [networkId, instances.map((each) => each.instanceId)])
    assert.deepEqual(Object.fromEntries(ids), { 'vpc-1': ['i-a', 'i-d'], 'vpc-2': ['i-b'] })
    again.take({ generation: 9, isWhole: true, changed: [placed('i-b')], gone: [] })
    assert.deepEqual(readdirSync(folder).toSorted(), ['generation', 'i-b.json'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
