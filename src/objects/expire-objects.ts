import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { Multipart } from './multipart.ts'
import type { ObjectStore } from './object-store.ts'
import { ObjectsRefusal } from './refusal.ts'
import {
  bucketScope,
  buckets,
  objects,
  olderVersions,
  uploads,
  type Bucket,
  type LifecycleRule,
  type ObjectVersion,
} from './stored-object.ts'

const dayMilliseconds = 24 * 3600 * 1000
/** AWS looks once a day; to look more often shortens nothing that a rule promises. */
const periodMilliseconds = 3600 * 1000
const pageSize = 1000

/** Removes what the lifecycle rules of buckets say is over, one bucket a round. */
export function expireObjects(
  context: EngineContext,
  store: ObjectStore,
  multipart: Multipart,
): Reconciler {
  return {
    name: 'objects/lifecycle',
    periodMilliseconds,
    concurrencyMax: 1,
    wakes: [],
    async keys() {
      const all = await context.store.list(buckets, bucketScope)
      return all.filter(({ value }) => value.settings?.lifecycle).map(({ id }) => id)
    },
    async reconcile(name, signal) {
      const found = await context.store.find(buckets, bucketScope, name)
      for (const rule of found?.value.settings?.lifecycle ?? []) {
        if (!rule.isEnabled || !found) continue
        const round = { context, store, multipart, signal, bucket: found.value, rule }
        await expireOlder(round)
        await expireCurrent(round)
        await abortUploads(round)
      }
      return undefined
    },
  }
}

interface Round {
  readonly context: EngineContext
  readonly store: ObjectStore
  readonly multipart: Multipart
  readonly signal: AbortSignal
  readonly bucket: Bucket
  readonly rule: LifecycleRule
}

/** An older version counts its days from when the next newer one came. */
async function expireOlder({ context, store, signal, bucket, rule }: Round): Promise<void> {
  if (rule.noncurrentDays === undefined) return
  const before = context.clock.now() - rule.noncurrentDays * dayMilliseconds
  const idPrefix = `${bucket.name}/${rule.prefix}`
  let newer: ObjectVersion | undefined
  for (let idAfter: string | undefined; ;) {
    const from = { idPrefix, itemsMax: pageSize, ...(idAfter === undefined ? {} : { idAfter }) }
    const page = await context.store.list(olderVersions, bucketScope, from)
    for (const { value } of page) {
      if (signal.aborted) return
      if (newer?.key !== value.key) {
        const at = `${bucket.name}/${value.key}`
        newer = (await context.store.find(objects, bucketScope, at))?.value
      }
      const { key, versionId } = value
      const isOver = newer !== undefined && newer.lastModified <= before
      newer = value
      if (isOver) await store.remove(bucket, { bucket: bucket.name, key, versionId })
    }
    idAfter = page.at(-1)?.id
    if (page.length < pageSize) return
  }
}

async function expireCurrent({ context, store, signal, bucket, rule }: Round): Promise<void> {
  if (rule.expirationDays === undefined) return
  const before = context.clock.now() - rule.expirationDays * dayMilliseconds
  const idPrefix = `${bucket.name}/${rule.prefix}`
  for (let idAfter: string | undefined; ;) {
    const from = { idPrefix, itemsMax: pageSize, ...(idAfter === undefined ? {} : { idAfter }) }
    const page = await context.store.list(objects, bucketScope, from)
    for (const { value } of page) {
      if (signal.aborted) return
      if (!value.content || value.lastModified > before) continue
      await store.remove(bucket, { bucket: bucket.name, key: value.key }, value.sequence)
    }
    idAfter = page.at(-1)?.id
    if (page.length < pageSize) return
  }
}

async function abortUploads({ context, multipart, signal, bucket, rule }: Round): Promise<void> {
  if (rule.abortUploadDays === undefined) return
  const before = context.clock.now() - rule.abortUploadDays * dayMilliseconds
  for (const { value } of await context.store.list(uploads, bucketScope, { owner: bucket.name })) {
    if (signal.aborted) return
    if (value.startedAt > before || !value.key.startsWith(rule.prefix)) continue
    await multipart.abort(bucket, value).catch((thrown: unknown) => {
      // Completed or aborted meanwhile.
      if (!(thrown instanceof ObjectsRefusal)) throw thrown
    })
  }
}
