import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists, type Records } from '../store/records.ts'
import { noSuchBucket, ObjectsRefusal } from './refusal.ts'
import {
  buckets,
  bucketScope,
  objects,
  uploads,
  type Bucket,
  type BucketSettings,
} from './stored-object.ts'

/** Buckets: names, owners, versioning and tags. */
export class Buckets {
  readonly #context: EngineContext

  constructor(context: EngineContext) {
    this.#context = context
  }

  /** Refused as `BucketAlreadyOwnedByYou` or `BucketAlreadyExists` when the name is taken. */
  async create(
    scope: Scope,
    name: string,
    given: Pick<Bucket, 'tags' | 'token'> = { tags: [] },
  ): Promise<Bucket> {
    if (!isBucketName(name)) {
      throw new ObjectsRefusal('InvalidBucketName', 'The specified bucket is not valid.', {
        BucketName: name,
      })
    }
    const { account, region } = scope
    const bucket = { name, account, region, createdAt: this.#context.clock.now(), ...given }
    try {
      await this.#context.store.insert(
        buckets,
        { scope: bucketScope, id: name, owner: account },
        bucket,
      )
      return bucket
    } catch (thrown) {
      if (!(thrown instanceof RecordExists)) throw thrown
    }
    throw await this.#taken(scope, name)
  }

  async #taken(scope: Scope, name: string): Promise<ObjectsRefusal> {
    const taken = await this.#context.store.find(buckets, bucketScope, name)
    return taken?.value.account === scope.account
      ? new ObjectsRefusal(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          { BucketName: name },
        )
      : new ObjectsRefusal(
          'BucketAlreadyExists',
          'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
          { BucketName: name },
        )
  }

  /** The account's own bucket. Refused when there is none, or when it is another's. */
  async require(scope: Scope, name: string): Promise<Bucket> {
    return requireBucket(this.#context.store, scope, name)
  }

  async list(scope: Scope): Promise<readonly Bucket[]> {
    const records = await this.#context.store.list(buckets, bucketScope, { owner: scope.account })
    return records.map(({ value }) => value)
  }

  async change(scope: Scope, name: string, change: (bucket: Bucket) => Bucket): Promise<void> {
    await this.require(scope, name)
    const changed = await modify(
      this.#context.store,
      { kind: buckets, scope: bucketScope, id: name },
      change,
    )
    if (!changed) throw noSuchBucket(name)
  }

  async changeSettings(
    scope: Scope,
    name: string,
    change: (settings: BucketSettings) => BucketSettings,
  ): Promise<void> {
    await this.change(scope, name, (bucket) => ({
      ...bucket,
      settings: change(bucket.settings ?? {}),
    }))
  }

  /** Refused as `BucketNotEmpty` while there is any version in it. Unfinished uploads in it are swept away afterwards. */
  async remove(scope: Scope, name: string): Promise<void> {
    await this.#context.store.transaction(async (records) => {
      await requireBucket(records, scope, name)
      const inside = { idPrefix: `${name}/`, itemsMax: 1 }
      const found = await records.list(objects, bucketScope, inside)
      if (found.length > 0) {
        throw new ObjectsRefusal('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
          BucketName: name,
        })
      }
      for (const upload of await records.list(uploads, bucketScope, { idPrefix: `${name}/` })) {
        await records.remove(upload)
      }
      const record = await records.find(buckets, bucketScope, name)
      if (record) await records.remove(record)
    })
  }
}

export async function requireBucket(records: Records, scope: Scope, name: string): Promise<Bucket> {
  const record = await records.find(buckets, bucketScope, name)
  if (!record) throw noSuchBucket(name)
  if (record.value.account !== scope.account) {
    throw new ObjectsRefusal('AccessDenied', 'Access Denied')
  }
  return record.value
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  )
}
