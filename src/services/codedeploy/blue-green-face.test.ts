import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  BatchGetDeploymentTargetsCommandOutput,
  CreateDeploymentCommandOutput,
  GetDeploymentCommandOutput,
  GetDeploymentConfigCommandOutput,
  GetDeploymentGroupCommandOutput,
  ListDeploymentTargetsCommandOutput,
} from '@aws-sdk/client-codedeploy'
import { deployWorld } from '../../testing/deploy-world.ts'
import { call } from '../../testing/fake-request.ts'
import { codedeployService } from './index.ts'

const at = { applicationName: 'shop', deploymentGroupName: 'bg' }
const revision = { revisionType: 'S3', s3Location: { bucket: 'b', key: 'v1.zip' } }
const group = {
  ...at,
  serviceRoleArn: 'arn:aws:iam::000000000000:role/deploy',
  autoScalingGroups: ['asg'],
  deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
  loadBalancerInfo: { targetGroupInfoList: [{ name: 'web' }] },
  blueGreenDeploymentConfiguration: {
    deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 30 },
    terminateBlueInstancesOnDeploymentSuccess: {
      action: 'TERMINATE',
      terminationWaitTimeInMinutes: 30,
    },
    greenFleetProvisioningOption: { action: 'DISCOVER_EXISTING' },
  },
}
const targetInstances = { tagFilters: [{ Key: 'env', Value: 'green', Type: 'KEY_AND_VALUE' }] }

async function face() {
  const world = await deployWorld({ hosts: 2 })
  const service = codedeployService({ deploy: world.deploy })
  await call(service, 'CreateApplication', { applicationName: 'shop' })
  return { world, service }
}

test('a blue/green deployment through the API: labels, both waits, their names', async () => {
  const { world, service } = await face()
  const tags = [{ Key: 'env', Value: 'green' }]
  await world.addInstance('i-g1', { group: 'nobody', tags, serves: false })
  await world.addInstance('i-g2', { group: 'nobody', tags, serves: false })
  await call(service, 'CreateDeploymentGroup', group)
  const { deploymentId } = await call<CreateDeploymentCommandOutput>(service, 'CreateDeployment', {
    ...at,
    revision,
    targetInstances,
  })
  await world.run(80)
  const ready = await call<GetDeploymentCommandOutput>(service, 'GetDeployment', { deploymentId })
  assert.equal(ready.deploymentInfo?.status, 'Ready')
  assert.equal(ready.deploymentInfo?.instanceTerminationWaitTimeStarted, false)
  assert.deepEqual(ready.deploymentInfo?.targetInstances?.tagFilters, targetInstances.tagFilters)
  const listed = await call<ListDeploymentTargetsCommandOutput>(service, 'ListDeploymentTargets', {
    deploymentId,
    targetFilters: { ServerInstanceLabel: ['Green'] },
  })
  assert.deepEqual(listed.targetIds, ['i-g1', 'i-g2'])
  await assert.rejects(call(service, 'SkipWaitTimeForInstanceTermination', { deploymentId }), {
    code: 'DeploymentIsNotInReadyStateException',
  })
  await call(service, 'ContinueDeployment', { deploymentId, deploymentWaitType: 'READY_WAIT' })
  await world.run(80)
  const { deploymentInfo } = await call<GetDeploymentCommandOutput>(service, 'GetDeployment', {
    deploymentId,
  })
  assert.equal(deploymentInfo?.instanceTerminationWaitTimeStarted, true)
  await call(service, 'SkipWaitTimeForInstanceTermination', { deploymentId })
  await world.run()
  const targets = await call<BatchGetDeploymentTargetsCommandOutput>(
    service,
    'BatchGetDeploymentTargets',
    { deploymentId, targetIds: ['i-g1', 'i-1'] },
  )
  assert.deepEqual(
    targets.deploymentTargets?.map(({ instanceTarget }) => instanceTarget?.instanceLabel),
    ['Green', 'Blue'],
  )
  const { deploymentGroupInfo } = await call<GetDeploymentGroupCommandOutput>(
    service,
    'GetDeploymentGroup',
    at,
  )
  assert.equal(deploymentGroupInfo?.deploymentStyle?.deploymentType, 'BLUE_GREEN')
  assert.deepEqual(deploymentGroupInfo?.autoScalingGroups, [])
  assert.deepEqual(deploymentGroupInfo?.ec2TagFilters, targetInstances.tagFilters)
  await assert.rejects(call(service, 'ContinueDeployment', { deploymentId }), {
    code: 'DeploymentAlreadyCompletedException',
  })
})

test('blue/green that cannot be gets the error that AWS has for it', async () => {
  const { service } = await face()
  const refused = (change: object, code: string): Promise<void> =>
    assert.rejects(call(service, 'CreateDeploymentGroup', { ...group, ...change }), { code })
  const style = { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITHOUT_TRAFFIC_CONTROL' }
  await refused({ deploymentStyle: style }, 'InvalidDeploymentStyleException')
  const inPlace = { deploymentType: 'IN_PLACE', deploymentOption: 'WITH_TRAFFIC_CONTROL' }
  const invalid = 'InvalidBlueGreenDeploymentConfigurationException'
  await refused({ deploymentStyle: inPlace }, invalid)
  const copies = { greenFleetProvisioningOption: { action: 'COPY_AUTO_SCALING_GROUP' } }
  const none = { blueGreenDeploymentConfiguration: copies, autoScalingGroups: [] }
  await refused(none, invalid)
  const long = {
    deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 2881 },
  }
  await refused({ blueGreenDeploymentConfiguration: long }, invalid)
  await call(service, 'CreateDeploymentGroup', group)
  await assert.rejects(call(service, 'CreateDeployment', { ...at, revision }), {
    code: 'InvalidTargetInstancesException',
  })
})

test('alarms and zones are kept as they were given', async () => {
  const { service } = await face()
  const alarmConfiguration = {
    enabled: true,
    ignorePollAlarmFailure: false,
    alarms: [{ name: 'errors' }],
  }
  await call(service, 'CreateDeploymentGroup', { ...group, alarmConfiguration })
  const { deploymentGroupInfo } = await call<GetDeploymentGroupCommandOutput>(
    service,
    'GetDeploymentGroup',
    at,
  )
  assert.deepEqual(deploymentGroupInfo?.alarmConfiguration, alarmConfiguration)
  const zonalConfig = {
    firstZoneMonitorDurationInSeconds: 60,
    monitorDurationInSeconds: 30,
    minimumHealthyHostsPerZone: { type: 'FLEET_PERCENT', value: 50 },
  }
  const deploymentConfigName = 'by-zone'
  await call(service, 'CreateDeploymentConfig', {
    deploymentConfigName,
    minimumHealthyHosts: { type: 'HOST_COUNT', value: 1 },
    zonalConfig,
  })
  const { deploymentConfigInfo } = await call<GetDeploymentConfigCommandOutput>(
    service,
    'GetDeploymentConfig',
    { deploymentConfigName },
  )
  assert.deepEqual(deploymentConfigInfo?.zonalConfig, zonalConfig)
})

test('a deployment in place has no waits to end', async () => {
  const { world, service } = await face()
  const deploymentId = await world.begin()
  await assert.rejects(call(service, 'ContinueDeployment', { deploymentId }), {
    code: 'UnsupportedActionForDeploymentTypeException',
  })
})
