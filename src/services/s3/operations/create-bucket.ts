import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { illegalLocationConstraint, invalidLocationConstraint } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { bucketTagsMax, tagsOf } from '../tagging.ts'

const firstRegion = 'us-east-1'

export const createBucket: Operation<S3Operations, 'CreateBucket', S3Deps> = {
  accepts: {
    Bucket: true,
    ACL: is('private'),
    ObjectOwnership: is('BucketOwnerEnforced'),
    ObjectLockEnabledForBucket: is(false),
    CreateBucketConfiguration: { LocationConstraint: true, Tags: { Key: true, Value: true } },
  },
  async handle(input, request, { objects }) {
    const name = input.Bucket ?? ''
    const constraint = input.CreateBucketConfiguration?.LocationConstraint
    const region = regionOf(constraint, request.scope.region)
    const tags = tagsOf(input.CreateBucketConfiguration?.Tags, bucketTagsMax)
    const scope = { account: request.scope.account, region }
    try {
      await objects.buckets.create(scope, name, { tags })
    } catch (thrown) {
      // us-east-1 alone says yes to its owner again.
      const isOwned = thrown instanceof Error && 'code' in thrown
      const isAgain = isOwned && thrown.code === 'BucketAlreadyOwnedByYou'
      if (!isAgain || region !== firstRegion) throw thrown
    }
    return { Location: `/${name}` }
  },
}

/** Where AWS has regions. Names that it does not have yet pass, as they do elsewhere here. */
const regionName =
  /^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(central|north|south|east|west|northeast|northwest|southeast|southwest)-[1-9]$/

/** Only us-east-1 makes buckets elsewhere, and only it has no constraint of its own. */
function regionOf(constraint: string | undefined, region: string): string {
  if (constraint === firstRegion) throw invalidLocationConstraint(constraint)
  if (constraint === undefined || constraint === '') {
    if (region !== firstRegion) throw illegalLocationConstraint('unspecified')
    return firstRegion
  }
  const chosen = constraint === 'EU' ? 'eu-west-1' : constraint
  if (!regionName.test(chosen) && chosen !== region) throw invalidLocationConstraint(constraint)
  if (region !== firstRegion && chosen !== region) throw illegalLocationConstraint(constraint)
  return chosen
}
