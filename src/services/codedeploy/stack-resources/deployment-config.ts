import type { MinimumHealthyHosts, ZonalConfig } from '@aws-sdk/client-codedeploy'
import { deploymentConfigs } from '../../../deploy/deployment-config.ts'
import type { ResourceType } from '../../../stacks/resource-type.ts'
import { is } from '../../../wire/accept.ts'
import type { CodeDeployDeps } from '../codedeploy-operation.ts'
import { invalidComputePlatform } from '../errors.ts'
import { templateText } from '../template-text.ts'
import { makeConfig, removeConfig } from '../make-records.ts'

const isServer = is(undefined, 'Server')

/** `AWS::CodeDeploy::DeploymentConfig`: Ref is its name; every change replaces it. */
export function deploymentConfigResource(deps: CodeDeployDeps): ResourceType {
  return {
    name: 'AWS::CodeDeploy::DeploymentConfig',
    properties: {
      DeploymentConfigName: 'string',
      ComputePlatform: 'string',
      MinimumHealthyHosts: { Type: 'string', Value: 'number' },
      ZonalConfig: {
        FirstZoneMonitorDurationInSeconds: 'number',
        MonitorDurationInSeconds: 'number',
        MinimumHealthyHostsPerZone: { Type: 'string', Value: 'number' },
      },
    },
    required: [],
    attributes: [],
    replaceOn: ['DeploymentConfigName', 'ComputePlatform', 'MinimumHealthyHosts', 'ZonalConfig'],
    async create(properties, context) {
      const platform = properties['ComputePlatform']
      if (!isServer(platform)) throw invalidComputePlatform(templateText(platform) ?? '')
      const given = templateText(properties['DeploymentConfigName'])
      const name = given ?? context.physicalName(100)
      const isOurs =
        given === undefined &&
        (await deps.deploy.store.find(deploymentConfigs, context.scope, name))
      await context.started(name)
      if (!isOurs) {
        const minimum = properties['MinimumHealthyHosts'] as
          | { Type?: MinimumHealthyHosts['type']; Value?: unknown }
          | undefined
        await makeConfig(deps, context.scope, {
          deploymentConfigName: name,
          ...zonalOf(properties['ZonalConfig']),
          ...(minimum && {
            minimumHealthyHosts: { type: minimum.Type, value: Number(minimum.Value) },
          }),
        })
      }
      return { physicalId: name, attributes: {} }
    },
    async remove(resource, context) {
      await removeConfig(deps, context.scope, resource.physicalId)
    },
  }
}

interface ZonalProperties {
  readonly FirstZoneMonitorDurationInSeconds?: unknown
  readonly MonitorDurationInSeconds?: unknown
  readonly MinimumHealthyHostsPerZone?: {
    readonly Type?: 'HOST_COUNT' | 'FLEET_PERCENT'
    readonly Value?: unknown
  }
}

function zonalOf(given: unknown): { zonalConfig?: ZonalConfig } {
  if (given === undefined) return {}
  const zonal = given as ZonalProperties
  const first = zonal.FirstZoneMonitorDurationInSeconds
  const later = zonal.MonitorDurationInSeconds
  const minimum = zonal.MinimumHealthyHostsPerZone
  return {
    zonalConfig: {
      ...(first !== undefined && { firstZoneMonitorDurationInSeconds: Number(first) }),
      ...(later !== undefined && { monitorDurationInSeconds: Number(later) }),
      ...(minimum && {
        minimumHealthyHostsPerZone: { type: minimum.Type, value: Number(minimum.Value) },
      }),
    },
  }
}
