import { pageOf } from '../../../kernel/page.ts'
import type { Operation } from '../../../wire/service.ts'
import { arnOfBucket } from '../bucket-arn.ts'
import { invalidArgument } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { ownerOf } from '../owner.ts'

const bucketsMax = 10_000

export const listBuckets: Operation<S3Operations, 'ListBuckets', S3Deps> = {
  accepts: { MaxBuckets: true, ContinuationToken: true, Prefix: true, BucketRegion: true },
  async handle(input, request, { objects }) {
    const { Prefix = '', BucketRegion, ContinuationToken, MaxBuckets = bucketsMax } = input
    const all = await objects.buckets.list(request.scope)
    const found = all
      .filter(({ name }) => name.startsWith(Prefix))
      .filter(({ region }) => BucketRegion === undefined || region === BucketRegion)
    const page = pageOf(found, ({ name }) => name, {
      nextToken: ContinuationToken,
      itemsMax: MaxBuckets,
    })
    if (!page) {
      const message = 'The continuation token provided is incorrect'
      throw invalidArgument('continuation-token', ContinuationToken ?? '', message)
    }
    const Buckets = page.items.map((bucket) => ({
      Name: bucket.name,
      CreationDate: new Date(bucket.createdAt),
      BucketRegion: bucket.region,
      BucketArn: arnOfBucket(bucket),
    }))
    return {
      Buckets,
      Owner: ownerOf(request.scope),
      ContinuationToken: page.nextToken,
      Prefix: input.Prefix,
    }
  },
}
