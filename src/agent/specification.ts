/** What the server says of a deployment (fact sheet §1.6). */
export interface Specification {
  readonly DeploymentId: string
  readonly DeploymentGroupId: string
  readonly DeploymentGroupName: string
  readonly ApplicationName: string
  readonly AppSpecFilename?: string
  readonly DeploymentCreator?: string
  /** Of a restart: the deployment whose archive is taken instead of a download, where the machine still has it. */
  readonly ReuseArchiveFromDeploymentId?: string
  readonly DeploymentType?: 'IN_PLACE' | 'BLUE_GREEN'
  readonly AgentActionOverrides?: {
    readonly AgentOverrides?: {
      readonly FileExistsBehavior?: 'DISALLOW' | 'OVERWRITE' | 'RETAIN'
    }
  }
  readonly Revision: {
    readonly RevisionType: string
    readonly S3Revision?: S3Revision
    readonly GitHubRevision?: GitHubRevision
  }
}

export interface GitHubRevision {
  readonly Account: string
  readonly Repository: string
  readonly CommitId: string
}

export interface S3Revision {
  readonly Bucket: string
  readonly Key: string
  readonly BundleType: 'tar' | 'tgz' | 'zip'
  readonly Version?: string
  readonly ETag?: string
}

/** What hooks find in their environment. */
export function hookEnvironment(
  specification: Specification,
  event: string,
): Readonly<Record<string, string>> {
  return {
    LIFECYCLE_EVENT: event,
    DEPLOYMENT_ID: specification.DeploymentId,
    APPLICATION_NAME: specification.ApplicationName,
    DEPLOYMENT_GROUP_NAME: specification.DeploymentGroupName,
    DEPLOYMENT_GROUP_ID: specification.DeploymentGroupId,
    ...bundleEnvironment(specification.Revision),
  }
}

function bundleEnvironment({
  S3Revision,
  GitHubRevision,
}: Specification['Revision']): Readonly<Record<string, string>> {
  if (GitHubRevision) return { BUNDLE_COMMIT: GitHubRevision.CommitId }
  if (!S3Revision) return {}
  const { Bucket, Key, Version, ETag } = S3Revision
  return {
    BUNDLE_BUCKET: Bucket,
    BUNDLE_KEY: Key,
    ...(Version !== undefined && { BUNDLE_VERSION: Version }),
    ...(ETag !== undefined && { BUNDLE_ETAG: ETag }),
  }
}
