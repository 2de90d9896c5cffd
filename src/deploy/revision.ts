import { kindOf } from '../store/records.ts'

export type BundleType = 'tar' | 'tgz' | 'zip'

/** A bundle in S3. `eTag` is without quotes. */
export interface S3Location {
  readonly bucket: string
  readonly key: string
  readonly bundleType: BundleType
  readonly version?: string
  readonly eTag?: string
}

/** A commit of a repository on GitHub: `owner/name`, and the commit's id. */
export interface GitHubLocation {
  readonly repository: string
  readonly commitId: string
}

export type RevisionLocation = S3Location | GitHubLocation

export function isOnGitHub(location: RevisionLocation): location is GitHubLocation {
  return 'repository' in location
}

/** A revision that an application knows: registered, or deployed at least once. */
export interface Revision {
  readonly applicationName: string
  readonly location: RevisionLocation
  readonly description?: string
  readonly registerTime: number
  readonly firstUsedTime?: number
  readonly lastUsedTime?: number
  /** Groups whose last good deployment is of it are found by comparing; this remembers every group it was deployed to. */
  readonly deploymentGroups: readonly string[]
}

/** Id: `<application>/<location>`; owner: the application's name. */
export const revisions = kindOf<Revision>('deploy/revision')

/** The same text for the same bundle. */
export function locationKey(location: RevisionLocation): string {
  if (isOnGitHub(location)) return JSON.stringify([location.repository, location.commitId])
  const { bucket, key, bundleType, version = '', eTag = '' } = location
  return JSON.stringify([bucket, key, bundleType, version, eTag])
}

export function revisionId(applicationName: string, location: RevisionLocation): string {
  return `${applicationName}/${locationKey(location)}`
}

/** The type that a key's ending tells: `.zip`, `.tar`, `.tgz`, `.tar.gz`. */
export function bundleTypeOfKey(key: string): BundleType | undefined {
  const lower = key.toLowerCase()
  if (lower.endsWith('.zip')) return 'zip'
  if (lower.endsWith('.tar')) return 'tar'
  if (lower.endsWith('.tgz') || lower.endsWith('.tar.gz')) return 'tgz'
  return undefined
}

export function describeLocation(location: RevisionLocation): string {
  if (isOnGitHub(location)) return `${location.repository} at ${location.commitId}`
  return `s3://${location.bucket}/${location.key}`
}
