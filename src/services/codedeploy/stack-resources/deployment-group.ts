import type {
  CreateDeploymentGroupInput,
  UpdateDeploymentGroupInput,
} from '@aws-sdk/client-codedeploy'
import { deploymentGroups, groupKey } from '../../../deploy/deployment-group.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { firstRefused } from '../../../wire/accept.ts'
import type { CodeDeployDeps } from '../codedeploy-operation.ts'
import { memberNotSupported } from '../errors.ts'
import { acceptsGroupSettings } from '../group-settings.ts'
import { templateText } from '../template-text.ts'
import { changeGroup, makeGroup, removeGroup } from '../make-records.ts'

/** `AWS::CodeDeploy::DeploymentGroup`: Ref is its name. */
export function deploymentGroupResource(deps: CodeDeployDeps): ResourceType {
  return {
    name: 'AWS::CodeDeploy::DeploymentGroup',
    properties,
    required: ['ApplicationName', 'ServiceRoleArn'],
    attributes: [],
    replaceOn: ['ApplicationName'],
    keepsTags: true,
    async create(given, context) {
      const name = templateText(given['DeploymentGroupName'])
      const deploymentGroupName = name ?? context.physicalName(100)
      const application = templateText(given['ApplicationName']) ?? ''
      const id = groupKey(application, deploymentGroupName)
      const isOurs =
        name === undefined && (await deps.deploy.store.find(deploymentGroups, context.scope, id))
      await context.started(deploymentGroupName)
      if (!isOurs) {
        const tags = [...((given['Tags'] ?? []) as []), ...context.tags]
        await makeGroup(deps, context.scope, { ...inputOf(given), deploymentGroupName, tags })
      }
      return { physicalId: deploymentGroupName, attributes: {} }
    },
    async update(change, context) {
      const newName = templateText(change.after['DeploymentGroupName']) ?? change.physicalId
      const { deploymentGroupName: _name, tags: _tags, ...settings } = inputOf(change.after)
      await changeGroup(deps, context.scope, {
        ...absent,
        ...settings,
        currentDeploymentGroupName: change.physicalId,
        newDeploymentGroupName: newName,
      })
      return { physicalId: newName, attributes: {} }
    },
    async remove(resource, context) {
      await removeGroup(deps, context.scope, {
        application: templateText(resource.properties['ApplicationName']) ?? '',
        group: resource.physicalId,
      })
    },
  }
}

const properties: ResourceType['properties'] = {
  ApplicationName: 'string',
  DeploymentGroupName: 'string',
  DeploymentConfigName: 'string',
  ServiceRoleArn: 'string',
  AutoScalingGroups: true,
  Ec2TagFilters: { Key: 'string', Value: 'string', Type: 'string' },
  Ec2TagSet: { Ec2TagSetList: { Ec2TagGroup: { Key: 'string', Value: 'string', Type: 'string' } } },
  OnPremisesInstanceTagFilters: { Key: 'string', Value: 'string', Type: 'string' },
  OnPremisesTagSet: {
    OnPremisesTagSetList: {
      OnPremisesTagGroup: { Key: 'string', Value: 'string', Type: 'string' },
    },
  },
  TriggerConfigurations: {
    TriggerName: 'string',
    TriggerTargetArn: 'string',
    TriggerEvents: true,
  },
  BlueGreenDeploymentConfiguration: {
    DeploymentReadyOption: { ActionOnTimeout: 'string', WaitTimeInMinutes: 'number' },
    GreenFleetProvisioningOption: { Action: 'string' },
    TerminateBlueInstancesOnDeploymentSuccess: {
      Action: 'string',
      TerminationWaitTimeInMinutes: 'number',
    },
  },
  DeploymentStyle: { DeploymentType: 'string', DeploymentOption: 'string' },
  LoadBalancerInfo: { TargetGroupInfoList: { Name: 'string' }, ElbInfoList: { Name: 'string' } },
  AlarmConfiguration: {
    Enabled: 'boolean',
    IgnorePollAlarmFailure: 'boolean',
    Alarms: { Name: 'string' },
  },
  AutoRollbackConfiguration: { Enabled: 'boolean', Events: true },
  OutdatedInstancesStrategy: 'string',
  TerminationHookEnabled: 'boolean',
  Tags: true,
}

/** A property that a template no longer has goes back to what it is without. */
const absent: Omit<UpdateDeploymentGroupInput, 'applicationName' | 'currentDeploymentGroupName'> = {
  deploymentConfigName: 'CodeDeployDefault.OneAtATime',
  autoScalingGroups: [],
  ec2TagFilters: [],
  ec2TagSet: { ec2TagSetList: [] },
  onPremisesInstanceTagFilters: [],
  onPremisesTagSet: { onPremisesTagSetList: [] },
  triggerConfigurations: [],
  outdatedInstancesStrategy: 'UPDATE',
  deploymentStyle: { deploymentType: 'IN_PLACE', deploymentOption: 'WITHOUT_TRAFFIC_CONTROL' },
  loadBalancerInfo: { targetGroupInfoList: [] },
  autoRollbackConfiguration: { enabled: false, events: [] },
  alarmConfiguration: { enabled: false, alarms: [] },
}

/** A template's properties are the operation's members with a capital, but for tags and tag sets. */
function inputOf(given: Properties): CreateDeploymentGroupInput {
  const { Tags: _tags, Ec2TagFilters, Ec2TagSet, ...others } = given
  const { OnPremisesInstanceTagFilters, OnPremisesTagSet, ...rest } = others
  const input = withSmallLetters(rest) as Record<string, unknown>
  if (Ec2TagFilters !== undefined) input['ec2TagFilters'] = Ec2TagFilters
  if (Ec2TagSet !== undefined) {
    const { Ec2TagSetList = [] } = Ec2TagSet as { Ec2TagSetList?: { Ec2TagGroup?: unknown[] }[] }
    const list = Ec2TagSetList.map(({ Ec2TagGroup }) => Ec2TagGroup ?? [])
    input['ec2TagSet'] = { ec2TagSetList: list }
  }
  if (OnPremisesInstanceTagFilters !== undefined) {
    input['onPremisesInstanceTagFilters'] = OnPremisesInstanceTagFilters
  }
  if (OnPremisesTagSet !== undefined) {
    const { OnPremisesTagSetList: groups = [] } = OnPremisesTagSet as {
      OnPremisesTagSetList?: { OnPremisesTagGroup?: unknown[] }[]
    }
    const list = groups.map(({ OnPremisesTagGroup }) => OnPremisesTagGroup ?? [])
    input['onPremisesTagSet'] = { onPremisesTagSetList: list }
  }
  const rollback = input['autoRollbackConfiguration'] as { enabled?: unknown } | undefined
  if (rollback?.enabled !== undefined) rollback.enabled = templateText(rollback.enabled) === 'true'
  const alarms = input['alarmConfiguration'] as Record<string, unknown> | undefined
  for (const name of ['enabled', 'ignorePollAlarmFailure']) {
    if (alarms?.[name] !== undefined) alarms[name] = templateText(alarms[name]) === 'true'
  }
  if (input['terminationHookEnabled'] !== undefined) {
    input['terminationHookEnabled'] = templateText(input['terminationHookEnabled']) === 'true'
  }
  const known = { ...acceptsGroupSettings, deploymentGroupName: true } as const
  const refused = firstRefused(input, known)
  if (refused !== undefined) throw memberNotSupported(refused, 'AWS::CodeDeploy::DeploymentGroup')
  return input as unknown as CreateDeploymentGroupInput
}

function withSmallLetters(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSmallLetters)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.slice(0, 1).toLowerCase() + name.slice(1),
      withSmallLetters(inner),
    ]),
  )
}
