import type { RevisionLocation } from '@aws-sdk/client-codedeploy'
import {
  bundleTypeOfKey,
  isOnGitHub,
  type GitHubLocation,
  type Revision,
  type RevisionLocation as Location,
} from '../../deploy/revision.ts'
import { is } from '../../wire/accept.ts'
import type { AcceptTree } from '../../wire/service.ts'
import * as errors from './errors.ts'

/** Revisions in S3 and on GitHub; String and AppSpecContent are refused by name. */
export const acceptsRevision: AcceptTree = {
  revisionType: is('S3', 'GitHub'),
  gitHubLocation: { repository: true, commitId: true },
  s3Location: {
    bucket: true,
    key: true,
    bundleType: (value) => value === 'tar' || value === 'tgz' || value === 'zip',
    version: true,
    eTag: true,
  },
}

/** The bundle that a request names; its type is told by its key where it is not given. */
export function openRevision(revision: RevisionLocation | undefined): Location {
  if (!revision) throw errors.revisionRequired()
  const isGitHub =
    revision.revisionType === undefined
      ? revision.gitHubLocation !== undefined
      : revision.revisionType === 'GitHub'
  if (revision.s3Location && revision.gitHubLocation) {
    throw errors.invalidRevision('either s3Location or gitHubLocation is given, not both')
  }
  if (isGitHub) return openGitHub(revision.gitHubLocation)
  const location = revision.s3Location
  if (!location?.bucket || !location.key) {
    throw errors.invalidRevision('s3Location with bucket and key is required')
  }
  const { bucket, key, bundleType, version, eTag } = location
  const type = bundleType ?? bundleTypeOfKey(key)
  if (type !== 'tar' && type !== 'tgz' && type !== 'zip') {
    throw errors.invalidRevision(
      `bundleType is required: the key ${key} does not end in .zip, .tar, .tgz or .tar.gz`,
    )
  }
  return {
    bucket,
    key,
    bundleType: type,
    ...(version && { version }),
    ...(eTag && { eTag: eTag.replaceAll('"', '') }),
  }
}

function openGitHub(given: RevisionLocation['gitHubLocation']): GitHubLocation {
  const { repository, commitId } = given ?? {}
  if (!repository || !commitId) {
    throw errors.invalidRevision('gitHubLocation with repository and commitId is required')
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || repository.includes('..')) {
    throw errors.invalidRevision(`repository must be of the form owner/name, not ${repository}`)
  }
  if (!/^[\w.-]{1,100}$/.test(commitId)) {
    throw errors.invalidRevision(`commitId must be the id of a commit, not ${commitId}`)
  }
  return { repository, commitId }
}

export function viewRevision(location: Location): RevisionLocation {
  if (isOnGitHub(location)) return { revisionType: 'GitHub', gitHubLocation: { ...location } }
  return { revisionType: 'S3', s3Location: { ...location } }
}

export function viewGenericRevision(revision: Revision): {
  description?: string
  deploymentGroups: string[]
  firstUsedTime?: Date
  lastUsedTime?: Date
  registerTime: Date
} {
  const { description, firstUsedTime, lastUsedTime } = revision
  return {
    ...(description !== undefined && { description }),
    deploymentGroups: [...revision.deploymentGroups],
    ...(firstUsedTime !== undefined && { firstUsedTime: new Date(firstUsedTime) }),
    ...(lastUsedTime !== undefined && { lastUsedTime: new Date(lastUsedTime) }),
    registerTime: new Date(revision.registerTime),
  }
}
