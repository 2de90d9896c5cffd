import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planDisks, type DiskRecords } from './plan-disks.ts'
import type { OwnImage, Snapshot, Volume } from './volume.ts'

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
const image: OwnImage = {
  ...{ imageId: 'ami-1', name: 'image', description: '', architecture: 'x86_64', tags: [] },
  ...{ rootDeviceName: '/dev/xvda', createdAt: 0, state: 'pending' },
  source: { diskId: 'snap-1' },
  blockDevices: [{ device: '/dev/sdf', snapshotId: 'snap-2' }],
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

test('an image is made when its snapshots are, and fails with one of them', () => {
  const completed: Snapshot = { ...snapshot, state: 'completed' }
  const second = (state: Snapshot['state']): Snapshot => ({
    ...completed,
    snapshotId: 'snap-2',
    state,
  })
  const after = (state: Snapshot['state']) =>
    steps({ images: [image], snapshots: [completed, second(state)] })
  assert.deepEqual(after('pending'), ['make-snapshot'])
  assert.deepEqual(after('completed'), ['make-image'])
  assert.deepEqual(after('error'), ['fail-image'])
})

test('a snapshot waits for the volume that it is of', () => {
  const pending: Snapshot = { ...snapshot, state: 'pending', source: { diskId: 'vol-2' } }
  assert.deepEqual(steps({ snapshots: [pending], volumes: [volume] }), ['make-volume'])
  const ready: Volume = { ...volume, state: 'ready' }
  assert.deepEqual(steps({ snapshots: [pending], volumes: [ready] }), ['make-snapshot'])
})
