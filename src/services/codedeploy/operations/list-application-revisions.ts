import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { is } from '../../../wire/accept.ts'
import * as errors from '../errors.ts'
import { isBucketName } from '../filter-rules.ts'
import { findApplication, pageByKey } from '../find-records.ts'
import { viewRevision } from '../revision-location.ts'
import { deploymentGroups } from '../../../deploy/deployment-group.ts'
import {
  isOnGitHub,
  locationKey,
  revisions,
  type Revision,
  type RevisionLocation,
} from '../../../deploy/revision.ts'

export const listApplicationRevisions: CodeDeployOperation<'ListApplicationRevisions'> = {
  accepts: {
    applicationName: true,
    sortBy: is('registerTime', 'firstUsedTime', 'lastUsedTime'),
    sortOrder: is('ascending', 'descending'),
    s3Bucket: isBucketName,
    s3KeyPrefix: true,
    deployed: is('include', 'exclude', 'ignore'),
    nextToken: true,
  },
  async handle(input, request, deps) {
    const application = await findApplication(deps, request.scope, input.applicationName)
    if (input.s3KeyPrefix !== undefined && input.s3Bucket === undefined) {
      throw errors.bucketNameFilterRequired()
    }
    const { store } = deps.deploy
    const owner = { owner: application.id }
    const groups = await store.list(deploymentGroups, request.scope, owner)
    const current = new Set(
      groups.flatMap(({ value }) => (value.lastGood ? [locationKey(value.lastGood.revision)] : [])),
    )
    const records = await store.list(revisions, request.scope, owner)
    const chosen = records
      .map((record) => record.value)
      .filter(
        ({ location }) =>
          isIn(location, input) && isAsked(input.deployed, current.has(locationKey(location))),
      )
    const keyOf = (revision: Revision): string =>
      String(timeOf(revision, input.sortBy)).padStart(16, '0') + locationKey(revision.location)
    const sorted = chosen.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    const isDescending = input.sortOrder === 'descending'
    const ordered = isDescending ? sorted.toReversed() : sorted
    const position = new Map(ordered.map((revision, n) => [revision, String(n).padStart(9, '0')]))
    const page = pageByKey(ordered, (revision) => position.get(revision) ?? '', input.nextToken)
    return {
      revisions: page.items.map((revision) => viewRevision(revision.location)),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}

/** Both filters are of S3: a commit is in no bucket. */
function isIn(
  location: RevisionLocation,
  { s3Bucket, s3KeyPrefix }: { s3Bucket?: string | undefined; s3KeyPrefix?: string | undefined },
): boolean {
  if (isOnGitHub(location)) return s3Bucket === undefined && s3KeyPrefix === undefined
  const { bucket, key } = location
  return (s3Bucket ?? bucket) === bucket && key.startsWith(s3KeyPrefix ?? '')
}

function isAsked(deployed: string | undefined, isDeployed: boolean): boolean {
  if (deployed === 'include') return isDeployed
  return deployed === 'exclude' ? !isDeployed : true
}

function timeOf(revision: Revision, sortBy: string | undefined): number {
  if (sortBy === 'firstUsedTime') return revision.firstUsedTime ?? 0
  if (sortBy === 'lastUsedTime') return revision.lastUsedTime ?? 0
  return revision.registerTime
}
