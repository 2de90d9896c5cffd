import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openFileBlobs } from '../../src/drivers/filesystem/index.ts'
import { blobConformance } from '../../src/testing/conformance/blob.ts'

const folder = await mkdtemp('/tmp/evenkeel-blobs-')
const blobs = await openFileBlobs(folder)
after(() => rm(folder, { recursive: true, force: true }))

blobConformance('a folder', async () => blobs)

test('nothing is left of what came in', async () => {
  assert.deepEqual(await readdir(join(folder, 'incoming')), [])
})
