import { kindOf } from '../store/records.ts'
import type { MinimumHealthyHosts } from './domain/minimum-healthy.ts'
import type { ZonalConfig } from './domain/zonal-rollout.ts'

export interface DeploymentConfig {
  readonly deploymentConfigId: string
  readonly deploymentConfigName: string
  readonly minimumHealthyHosts: MinimumHealthyHosts
  readonly zonal?: ZonalConfig
  readonly createTime: number | undefined
}

/** Custom ones, by name. */
export const deploymentConfigs = kindOf<DeploymentConfig>('deploy/config')

/** The three that every account has; their ids are the same everywhere. */
export const builtInConfigs: readonly DeploymentConfig[] = [
  builtIn('AllAtOnce', { type: 'HOST_COUNT', value: 0 }),
  builtIn('HalfAtATime', { type: 'FLEET_PERCENT', value: 50 }),
  builtIn('OneAtATime', { type: 'MOST_CONCURRENCY', value: 1 }),
]

export const defaultConfigName = 'CodeDeployDefault.OneAtATime'

function builtIn(name: string, minimumHealthyHosts: MinimumHealthyHosts): DeploymentConfig {
  const position = ['AllAtOnce', 'HalfAtATime', 'OneAtATime'].indexOf(name) + 1
  return {
    deploymentConfigId: `00000000-0000-0000-0000-00000000000${position}`,
    deploymentConfigName: `CodeDeployDefault.${name}`,
    minimumHealthyHosts,
    createTime: undefined,
  }
}
