import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { versionIdOf } from '../object-view.ts'
import { objectTagsMax, tagsOf } from '../tagging.ts'

export const putObjectTagging: Operation<S3Operations, 'PutObjectTagging', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    VersionId: true,
    ExpectedBucketOwner: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    Tagging: { TagSet: { Key: true, Value: true } },
  },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    const tags = tagsOf(input.Tagging?.TagSet, objectTagsMax)
    return versionIdOf(await objects.objects.changeTags(request.scope, at, tags))
  },
}
