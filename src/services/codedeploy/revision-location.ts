import type { RevisionLocation } from '@aws-sdk/client-codedeploy'
import { bundleTypeOfKey, type Revision, type S3Location } from '../../deploy/revision.ts'
import type { AcceptTree } from '../../wire/service.ts'
import * as errors from './errors.ts'

/** Revisions in S3; GitHub, String and AppSpecContent are refused by name. */
export const acceptsRevision: AcceptTree = {
  revisionType: (value) => value === 'S3',
  s3Location: {
    bucket: true,
    key: true,
    bundleType: (value) => value === 'tar' || value === 'tgz' || value === 'zip',
    version: true,
    eTag: true,
  },
}

/** The bundle that a request names; its type is told by its key where it is not given. */
export function openRevision(revision: RevisionLocation | undefined): S3Location {
  const location = revision?.s3Location
  if (!revision) throw errors.revisionRequired()
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

export function viewRevision(location: S3Location): RevisionLocation {
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
