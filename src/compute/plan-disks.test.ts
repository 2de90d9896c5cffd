import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planDisks, type DiskRecords } from './plan-disks.ts'
import type { Snapshot, Volume } from './volume.ts'

const snapshot: Snapshot = {
  snapshotId: 'snap-1',
  volumeId: 'vol-1',
  source: { diskId: 'vol-1' },
  sizeGibibytes: 1,
  description: '',
  startedAt: 0,
  state: 'deleting',
  tags: [],
}
const volume: Volume = {
  volumeId: 'vol-2',
  zone: 'us-east-1a',
  sizeGibibytes: 1,
  volumeType: 'gp2',
  snapshotId: 'snap-1',
  createdAt: 0,
  state: 'creating',
  tags: [],
}
const steps = (records: Partial<DiskRecords>) =>
  planDisks({ volumes: [], snapshots: [], images: [], instances: new Map(), ...records }).map(
    ({ step }) => step,
  )

test('a snapshot that is let go stays until what was asked of it before is made', () => {
  const snapshots = [snapshot]
  assert.deepEqual(steps({ snapshots }), ['remove-snapshot'])
  assert.deepEqual(steps({ snapshots, volumes: [volume] }), ['make-volume'])
  assert.deepEqual(steps({ snapshots, volumes: [{ ...volume, state: 'ready' }] }), [
    'remove-snapshot',
  ])
  const copy: Snapshot = {
    ...snapshot,
    snapshotId: 'snap-2',
    source: { diskId: 'snap-1' },
    state: 'pending',
  }
  assert.deepEqual(steps({ snapshots: [snapshot, copy] }), ['make-snapshot'])
})
