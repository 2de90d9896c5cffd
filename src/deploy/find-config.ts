import type { Scope } from '../kernel/scope.ts'
import type { Records } from '../store/records.ts'
import { builtInConfigs, deploymentConfigs, type DeploymentConfig } from './deployment-config.ts'

/** A built-in configuration, or the account's own. */
export async function findConfig(
  records: Records,
  scope: Scope,
  name: string,
): Promise<DeploymentConfig | undefined> {
  const builtIn = builtInConfigs.find((config) => config.deploymentConfigName === name)
  return builtIn ?? (await records.find(deploymentConfigs, scope, name))?.value
}
