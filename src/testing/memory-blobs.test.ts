import { blobConformance } from './conformance/blob.ts'
import { manualClock } from './manual-clock.ts'
import { memoryBlobs } from './memory-blobs.ts'

const blobs = memoryBlobs(manualClock())
blobConformance('memory', async () => blobs)
