import type {
  CreateApplicationInput,
  CreateDeploymentConfigInput,
  CreateDeploymentGroupInput,
  UpdateDeploymentGroupInput,
} from '@aws-sdk/client-codedeploy'
import { applications, type Application } from '../../deploy/application.ts'
import {
  builtInConfigs,
  defaultConfigName,
  deploymentConfigs,
  type DeploymentConfig,
} from '../../deploy/deployment-config.ts'
import {
  deploymentGroups,
  groupKey,
  hostStates,
  type DeploymentGroup,
} from '../../deploy/deployment-group.ts'
import { findConfig } from '../../deploy/find-config.ts'
import { renameGroup } from '../../deploy/rename-group.ts'
import { revisions } from '../../deploy/revision.ts'
import { uuid } from '../../kernel/random.ts'
import type { Scope } from '../../kernel/scope.ts'
import { RecordExists } from '../../store/records.ts'
import type { CodeDeployDeps } from './codedeploy-operation.ts'
import * as errors from './errors.ts'
import { findApplication, findGroup } from './find-records.ts'
import { openZonal } from './zonal-settings.ts'
import { withSettings } from './group-settings.ts'
import * as names from './name-rules.ts'
import { openTags } from './tagged-resource.ts'

export async function makeApplication(
  deps: CodeDeployDeps,
  scope: Scope,
  input: CreateApplicationInput,
): Promise<Application> {
  const { store, context } = deps.deploy
  const applicationName = names.applicationName(input.applicationName)
  const application = {
    applicationId: uuid(context.random),
    applicationName,
    createTime: context.clock.now(),
    tags: openTags(input.tags),
  }
  await orExists(
    store.insert(applications, { scope, id: applicationName }, application),
    errors.applicationAlreadyExists(applicationName),
  )
  return application
}

/** With its groups and revisions. Deleting what is not there succeeds. Deployments stay to be read. */
export async function removeApplication(
  deps: CodeDeployDeps,
  scope: Scope,
  name: string,
): Promise<void> {
  await deps.deploy.store.transaction(async (records) => {
    const application = await records.find(applications, scope, name)
    if (!application) return
    for (const group of await records.list(deploymentGroups, scope, { owner: name })) {
      for (const state of await records.list(hostStates, scope, { owner: group.id })) {
        await records.remove(state)
      }
      await records.remove(group)
    }
    for (const revision of await records.list(revisions, scope, { owner: name })) {
      await records.remove(revision)
    }
    await records.remove(application)
  })
}

export async function makeConfig(
  deps: CodeDeployDeps,
  scope: Scope,
  input: CreateDeploymentConfigInput,
): Promise<DeploymentConfig> {
  const { store, context } = deps.deploy
  const name = names.deploymentConfigName(input.deploymentConfigName)
  if (await findConfig(store, scope, name)) throw errors.deploymentConfigAlreadyExists(name)
  if (name.startsWith('CodeDeployDefault.')) throw errors.invalidDeploymentConfigName(name)
  const { type, value } = input.minimumHealthyHosts ?? {}
  if ((type !== 'HOST_COUNT' && type !== 'FLEET_PERCENT') || value === undefined) {
    throw errors.invalidMinimumHealthyHost('minimumHealthyHosts with type and value is required')
  }
  if (value < 0 || (type === 'FLEET_PERCENT' && value > 99)) {
    throw errors.invalidMinimumHealthyHost(
      `${value} is out of range: HOST_COUNT is 0 or more, FLEET_PERCENT 0 to 99`,
    )
  }
  const config: DeploymentConfig = {
    deploymentConfigId: uuid(context.random),
    deploymentConfigName: name,
    minimumHealthyHosts: { type, value },
    ...(input.zonalConfig && { zonal: openZonal(input.zonalConfig) }),
    createTime: context.clock.now(),
  }
  await orExists(
    store.insert(deploymentConfigs, { scope, id: name }, config),
    errors.deploymentConfigAlreadyExists(name),
  )
  return config
}

export async function removeConfig(
  deps: CodeDeployDeps,
  scope: Scope,
  name: string,
): Promise<void> {
  const { store } = deps.deploy
  const isBuiltIn = builtInConfigs.some((config) => config.deploymentConfigName === name)
  if (isBuiltIn) throw errors.builtInConfigStays(name)
  const groups = await store.list(deploymentGroups, scope)
  const user = groups.find((group) => group.value.deploymentConfigName === name)
  if (user) throw errors.deploymentConfigInUse(name, user.value.deploymentGroupName)
  const record = await store.find(deploymentConfigs, scope, name)
  if (record) await store.remove(record)
}

export async function makeGroup(
  deps: CodeDeployDeps,
  scope: Scope,
  input: CreateDeploymentGroupInput,
): Promise<DeploymentGroup> {
  const { store, context } = deps.deploy
  const application = await findApplication(deps, scope, input.applicationName)
  const deploymentGroupName = names.deploymentGroupName(input.deploymentGroupName)
  const id = groupKey(application.id, deploymentGroupName)
  if (await store.find(deploymentGroups, scope, id)) {
    throw errors.deploymentGroupAlreadyExists(deploymentGroupName)
  }
  const bare: DeploymentGroup = {
    deploymentGroupId: uuid(context.random),
    applicationName: application.id,
    deploymentGroupName,
    deploymentConfigName: defaultConfigName,
    serviceRoleArn: '',
    selection: { ec2TagFilters: [], ec2TagSet: [], autoScalingGroups: [] },
    withTrafficControl: false,
    targetGroupNames: [],
    autoRollback: { enabled: false, events: [] },
    tags: openTags(input.tags),
  }
  const group = await withSettings(deps, scope, bare, input)
  await orExists(
    store.insert(deploymentGroups, { scope, id, owner: application.id }, group),
    errors.deploymentGroupAlreadyExists(deploymentGroupName),
  )
  return group
}

export async function changeGroup(
  deps: CodeDeployDeps,
  scope: Scope,
  input: UpdateDeploymentGroupInput,
): Promise<void> {
  const record = await findGroup(deps, scope, {
    application: input.applicationName,
    group: input.currentDeploymentGroupName,
  })
  const { store } = deps.deploy
  const changed = await withSettings(deps, scope, record.value, input)
  const deploymentGroupName = names.deploymentGroupName(
    input.newDeploymentGroupName ?? changed.deploymentGroupName,
  )
  const id = groupKey(changed.applicationName, deploymentGroupName)
  await store.transaction(async (records) => {
    const updated = await records.update(record, changed)
    if (id === record.id) return
    if (await records.find(deploymentGroups, scope, id)) {
      throw errors.deploymentGroupAlreadyExists(deploymentGroupName)
    }
    await renameGroup(records, updated, { ...changed, deploymentGroupName })
  })
}

/** Deleting what is not there succeeds. */
export async function removeGroup(
  deps: CodeDeployDeps,
  scope: Scope,
  at: { readonly application: string; readonly group: string },
): Promise<void> {
  const id = groupKey(at.application, at.group)
  await deps.deploy.store.transaction(async (records) => {
    const group = await records.find(deploymentGroups, scope, id)
    for (const state of await records.list(hostStates, scope, { owner: id })) {
      await records.remove(state)
    }
    if (group) await records.remove(group)
  })
}

async function orExists<T>(inserted: Promise<T>, taken: Error): Promise<T> {
  try {
    return await inserted
  } catch (thrown) {
    throw thrown instanceof RecordExists ? taken : thrown
  }
}
