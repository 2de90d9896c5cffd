import type { Sealer } from '../kernel/sealer.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { BlobStore } from './blob.ts'
import { Buckets } from './buckets.ts'
import { expireObjects } from './expire-objects.ts'
import { Listing } from './listing.ts'
import { Multipart } from './multipart.ts'
import { ObjectStore, type FoundObject } from './object-store.ts'
import type { ObjectReader, ObjectView } from './objects.ts'
import { unlessRefused } from './refusal.ts'
import { SealedBlobs } from './sealed-blobs.ts'
import { sweepBlobs } from './sweep-blobs.ts'

/** The engine of S3. */
export interface Objects {
  readonly buckets: Buckets
  readonly objects: ObjectStore
  readonly multipart: Multipart
  readonly listing: Listing
  /** For other engines: CodeDeploy's bundles, CloudFormation's templates. */
  readonly reader: ObjectReader
  readonly reconcilers: readonly Reconciler[]
}

export function createObjects(context: EngineContext, blobs: BlobStore, sealer: Sealer): Objects {
  const sealed = new SealedBlobs(blobs, sealer, context.random)
  // Frees the space now; what fails here the sweeper does later.
  const release = async (blobIds: readonly string[]) => {
    await Promise.allSettled(blobIds.map((blobId) => blobs.remove(blobId)))
  }
  const objects = new ObjectStore(context, sealed, release)
  const multipart = new Multipart(context, sealed, objects, release)
  return {
    buckets: new Buckets(context),
    objects,
    multipart,
    listing: new Listing(context.store),
    reader: readerOf(objects),
    reconcilers: [sweepBlobs(context, blobs), expireObjects(context, objects, multipart)],
  }
}

function readerOf(objects: ObjectStore): ObjectReader {
  return {
    head: (scope: Scope, at) => unlessRefused(async () => viewOf(await objects.require(scope, at))),
    read: (scope: Scope, at) =>
      unlessRefused(async () => {
        const found = await objects.open(scope, at)
        return { view: viewOf(found), body: found.body }
      }),
  }
}

function viewOf({ version, content, isVersioned }: FoundObject): ObjectView {
  const { bucket, key, lastModified, versionId } = version
  return {
    bucket,
    key,
    size: content.size,
    etag: content.etag,
    versionId: isVersioned ? versionId : undefined,
    lastModified,
  }
}
