import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { Kind, StoredRecord } from '../store/records.ts'
import type { BlobStore } from './blob.ts'
import { bucketScope, objects, olderVersions, parts, uploads } from './stored-object.ts'

/** An upload's record follows its blob within moments; one without a record for this long was left by a killed server. */
const orphanAfterMilliseconds = 3_600_000
const periodMilliseconds = 3_600_000
const pageSize = 1000

/**
 * Removes blobs that nothing refers to, and parts whose upload is gone. A removed object's blob goes at once; this finds what a
 * kill between two steps left behind. Blobs are listed before the records are read, so that a record made meanwhile is seen.
 */
export function sweepBlobs(context: EngineContext, blobs: BlobStore): Reconciler {
  return {
    name: 'objects/blobs',
    periodMilliseconds,
    concurrencyMax: 1,
    wakes: [],
    keys: async () => ['all'],
    async reconcile(_key, signal) {
      const oldest = context.clock.now() - orphanAfterMilliseconds
      const candidates = new Set<string>()
      for await (const { blobId, storedAt } of blobs.list()) {
        if (storedAt < oldest) candidates.add(blobId)
      }
      await removeAbandonedParts(context)
      if (candidates.size === 0) return undefined
      for (const kind of [objects, olderVersions]) {
        for await (const { value } of pagesOf(context, kind)) {
          if (value.content) candidates.delete(value.content.blobId)
        }
      }
      for await (const { value } of pagesOf(context, parts)) candidates.delete(value.blobId)
      for (const blobId of candidates) {
        if (signal.aborted) return undefined
        await blobs.remove(blobId)
      }
      if (candidates.size > 0) {
        context.log.write('info', 'removed blobs that nothing refers to', {
          count: candidates.size,
        })
      }
      return undefined
    },
  }
}

async function removeAbandonedParts(context: EngineContext): Promise<void> {
  const alive = new Set<string>()
  const owners = new Set<string>()
  for await (const { owner } of pagesOf(context, parts)) if (owner !== undefined) owners.add(owner)
  if (owners.size === 0) return
  for await (const { value } of pagesOf(context, uploads)) alive.add(value.uploadId)
  for (const owner of owners.difference(alive)) {
    await context.store.transaction(async (records) => {
      for (const part of await records.list(parts, bucketScope, { owner })) {
        await records.remove(part)
      }
    })
  }
}

async function* pagesOf<T>(
  { store }: EngineContext,
  kind: Kind<T>,
): AsyncGenerator<StoredRecord<T>> {
  let idAfter: string | undefined
  for (;;) {
    const from = idAfter === undefined ? {} : { idAfter }
    const page = await store.list(kind, bucketScope, { ...from, itemsMax: pageSize })
    yield* page
    idAfter = page.at(-1)?.id
    if (page.length < pageSize) return
  }
}
