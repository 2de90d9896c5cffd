import type { Deployment } from './deployment.ts'

/** What an agent is told of a deployment (fact sheet §1.6): JSON, the signed content of GetDeploymentSpecification. */
export function specificationOf(deployment: Deployment): Readonly<Record<string, unknown>> {
  const { bucket, key, bundleType, version, eTag } = deployment.revision
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
    Revision: {
      RevisionType: 'S3',
      S3Revision: {
        Bucket: bucket,
        Key: key,
        BundleType: bundleType,
        ...(version !== undefined && { Version: version }),
        ...(eTag !== undefined && { ETag: eTag }),
      },
    },
  }
}
