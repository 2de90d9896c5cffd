import { ObjectsRefusal } from '../../objects/refusal.ts'
import type { OperationDefinition, Request } from '../../wire/service.ts'
import type { S3Deps } from './deps.ts'
import { accessDenied } from './errors.ts'

type S3Operation = OperationDefinition<never, object, S3Deps>

/** What every operation does besides: it checks the expected owners, and says in the head of a refusal that a delete marker is why. */
export function eachOperation(
  operations: Readonly<Record<string, S3Operation>>,
): Record<string, S3Operation> {
  const wrapped = Object.entries(operations).map(([name, operation]) => [
    name,
    { accepts: operation.accepts, handle: wrap(operation) },
  ])
  return Object.fromEntries(wrapped) as Record<string, S3Operation>
}

function wrap(operation: S3Operation): S3Operation['handle'] {
  return async (input, request, deps) => {
    try {
      checkOwners(input, request)
      return await operation.handle(input, request, deps)
    } catch (thrown) {
      if (thrown instanceof ObjectsRefusal) tellOfDeleteMarker(thrown, request)
      throw thrown
    }
  }
}

/** A bucket is reached by its own account only, so whoever else is expected is wrong. */
function checkOwners(
  input: { ExpectedBucketOwner?: string; ExpectedSourceBucketOwner?: string },
  { scope }: Request,
): void {
  for (const owner of [input.ExpectedBucketOwner, input.ExpectedSourceBucketOwner]) {
    if (owner !== undefined && owner !== scope.account) throw accessDenied()
  }
}

function tellOfDeleteMarker({ fields }: ObjectsRefusal, request: Request): void {
  const versionId = fields['DeleteMarkerVersionId']
  if (versionId === undefined) return
  request.setHeader('x-amz-delete-marker', 'true')
  request.setHeader('x-amz-version-id', versionId)
}
