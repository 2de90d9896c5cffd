import type { Deployment } from './deployment.ts'
import { isOnGitHub, type RevisionLocation } from './revision.ts'

/** What an agent is told of a deployment (fact sheet §1.6): JSON, the signed content of GetDeploymentSpecification. */
export function specificationOf(deployment: Deployment): Readonly<Record<string, unknown>> {
  const isDefaultName = deployment.appspecFileName === 'appspec.yml'
  return {
    DeploymentId: deployment.deploymentId,
    DeploymentGroupId: deployment.deploymentGroupId,
    DeploymentGroupName: deployment.deploymentGroupName,
    ApplicationName: deployment.applicationName,
    DeploymentCreator: deployment.creator,
    DeploymentType: deployment.blueGreen ? 'BLUE_GREEN' : 'IN_PLACE',
    ...(deployment.restartOf !== undefined && {
      ReuseArchiveFromDeploymentId: deployment.restartOf,
    }),
    ...(!isDefaultName && { AppSpecFilename: deployment.appspecFileName }),
    AgentActionOverrides: {
      AgentOverrides: { FileExistsBehavior: deployment.fileExistsBehavior },
    },
    Revision: revisionOf(deployment.revision),
  }
}

function revisionOf(location: RevisionLocation): Readonly<Record<string, unknown>> {
  if (isOnGitHub(location)) {
    const [Account, Repository] = location.repository.split('/')
    const CommitId = location.commitId
    return { RevisionType: 'GitHub', GitHubRevision: { Account, Repository, CommitId } }
  }
  const { bucket, key, bundleType, version, eTag } = location
  return {
    RevisionType: 'S3',
    S3Revision: {
      Bucket: bucket,
      Key: key,
      BundleType: bundleType,
      ...(version !== undefined && { Version: version }),
      ...(eTag !== undefined && { ETag: eTag }),
    },
  }
}
