import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  GetDeploymentCommandOutput,
  GetDeploymentConfigCommandOutput,
  GetDeploymentGroupCommandOutput,
  BatchGetDeploymentTargetsCommandOutput,
  CreateDeploymentCommandOutput,
  ListApplicationRevisionsCommandOutput,
  ListDeploymentsCommandOutput,
  ListTagsForResourceCommandOutput,
} from '@aws-sdk/client-codedeploy'
import { AwsError } from '../../kernel/errors.ts'
import { deployWorld } from '../../testing/deploy-world.ts'
import { call } from '../../testing/fake-request.ts'
import type { Service } from '../../wire/service.ts'
import { codedeployService } from './index.ts'

const role = 'arn:aws:iam::000000000000:role/deploy'
const revision = { revisionType: 'S3', s3Location: { bucket: 'b', key: 'v1.zip' } }

async function face(): Promise<{
  service: Service
  world: Awaited<ReturnType<typeof deployWorld>>
}> {
  const world = await deployWorld({ hosts: 3 })
  return { service: codedeployService({ deploy: world.deploy }), world }
}

async function codeOf(calling: Promise<unknown>): Promise<string> {
  try {
    await calling
  } catch (thrown) {
    if (thrown instanceof AwsError) return thrown.code
    throw thrown
  }
  return 'no error'
}

test('a deployment is made, watched and listed through the API', async () => {
  const { service, world } = await face()
  await call(service, 'CreateApplication', { applicationName: 'shop' })
  await call(service, 'CreateDeploymentGroup', {
    applicationName: 'shop',
    deploymentGroupName: 'blue',
    serviceRoleArn: role,
    autoScalingGroups: ['asg'],
    deploymentStyle: {
      deploymentType: 'IN_PLACE',
      deploymentOption: 'WITH_TRAFFIC_CONTROL',
    },
    loadBalancerInfo: { targetGroupInfoList: [{ name: 'web' }] },
    autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE'] },
  })
  const at = { applicationName: 'shop', deploymentGroupName: 'blue' }
  const { deploymentId } = await call<CreateDeploymentCommandOutput>(service, 'CreateDeployment', {
    ...at,
    revision,
  })
  await assert.rejects(call(service, 'CreateDeployment', { ...at, revision }), {
    code: 'DeploymentLimitExceededException',
    message: `The Deployment Group 'blue' already has an active Deployment '${deploymentId}'`,
  })
  await world.run()
  const { deploymentInfo } = await call<GetDeploymentCommandOutput>(service, 'GetDeployment', {
    deploymentId,
  })
  assert.equal(deploymentInfo?.status, 'Succeeded')
  assert.equal(deploymentInfo?.deploymentOverview?.Succeeded, 3)
  const targets = await call<BatchGetDeploymentTargetsCommandOutput>(
    service,
    'BatchGetDeploymentTargets',
    { deploymentId, targetIds: ['i-1', 'i-2', 'i-3'] },
  )
  const events = targets.deploymentTargets?.[2]?.instanceTarget?.lifecycleEvents ?? []
  assert.equal(events.length, 13)
  assert.ok(events.every((event) => event.startTime && event.endTime))
  assert.equal(events[12]?.diagnostics?.errorCode, 'Success')
  const group = await call<GetDeploymentGroupCommandOutput>(service, 'GetDeploymentGroup', at)
  assert.equal(group.deploymentGroupInfo?.lastSuccessfulDeployment?.deploymentId, deploymentId)
  const listed = await call<ListDeploymentsCommandOutput>(service, 'ListDeployments', at)
  assert.deepEqual(listed.deployments, [deploymentId])
  const list = { applicationName: 'shop', deployed: 'include' }
  const revisions = await call<ListApplicationRevisionsCommandOutput>(
    service,
    'ListApplicationRevisions',
    list,
  )
  assert.equal(revisions.revisions?.[0]?.s3Location?.bundleType, 'zip')
})

test("mistakes get AWS's error names", async () => {
  const { service } = await face()
  const create = (input: object): Promise<string> =>
    codeOf(
      call(service, 'CreateDeploymentGroup', {
        applicationName: 'a',
        deploymentGroupName: 'g',
        serviceRoleArn: role,
        ...input,
      }),
    )
  await call(service, 'CreateApplication', { applicationName: 'a' })
  const expected: readonly (readonly [string, object, string])[] = [
    ['CreateApplication', {}, 'ApplicationNameRequiredException'],
    ['CreateApplication', { applicationName: 'a b' }, 'InvalidApplicationNameException'],
    ['CreateApplication', { applicationName: 'a' }, 'ApplicationAlreadyExistsException'],
    [
      'CreateApplication',
      { applicationName: 'b', computePlatform: 'Lambda' },
      'InvalidComputePlatformException',
    ],
    ['GetApplication', { applicationName: 'no' }, 'ApplicationDoesNotExistException'],
    ['GetDeployment', { deploymentId: 'x' }, 'InvalidDeploymentIdException'],
    ['GetDeployment', { deploymentId: 'd-123456789' }, 'DeploymentDoesNotExistException'],
    ['GetDeploymentConfig', { deploymentConfigName: 'n' }, 'DeploymentConfigDoesNotExistException'],
    [
      'CreateDeployment',
      { applicationName: 'a', deploymentGroupName: 'n' },
      'DeploymentGroupDoesNotExistException',
    ],
    [
      'BatchGetDeployments',
      { deploymentIds: Array.from({ length: 26 }, () => 'd-123456789') },
      'BatchLimitExceededException',
    ],
    [
      'CreateDeploymentConfig',
      { deploymentConfigName: 'c', minimumHealthyHosts: { type: 'FLEET_PERCENT', value: 100 } },
      'InvalidMinimumHealthyHostValueException',
    ],
    ['ListApplications', { nextToken: 'made up' }, 'InvalidNextTokenException'],
  ]
  for (const [operation, input, code] of expected) {
    assert.equal(await codeOf(call(service, operation, input)), code, operation)
  }
  assert.equal(await create({ autoScalingGroups: ['none'] }), 'InvalidAutoScalingGroupException')
  assert.equal(await create({ serviceRoleArn: 'me' }), 'InvalidRoleException')
  assert.equal(
    await create({ blueGreenDeploymentConfiguration: { x: 1 } }),
    'InvalidBlueGreenDeploymentConfigurationException',
  )
  assert.equal(
    await create({ deploymentStyle: { deploymentType: 'BLUE_GREEN' } }),
    'InvalidDeploymentStyleException',
  )
  assert.equal(
    await create({ deploymentStyle: { deploymentOption: 'WITH_TRAFFIC_CONTROL' } }),
    'InvalidLoadBalancerInfoException',
  )
  assert.equal(
    await create({ loadBalancerInfo: { targetGroupInfoList: [{ name: 'none' }] } }),
    'InvalidLoadBalancerInfoException',
  )
  const tag = { Key: 'a', Type: 'KEY_ONLY' }
  assert.equal(
    await create({ ec2TagFilters: [tag], ec2TagSet: { ec2TagSetList: [[tag]] } }),
    'InvalidEC2TagCombinationException',
  )
})

test('the three built-in configurations are as AWS describes them', async () => {
  const { service } = await face()
  const minimumOf = async (name: string): Promise<unknown> => {
    const output = await call<GetDeploymentConfigCommandOutput>(service, 'GetDeploymentConfig', {
      deploymentConfigName: `CodeDeployDefault.${name}`,
    })
    return output.deploymentConfigInfo?.minimumHealthyHosts
  }
  assert.deepEqual(await minimumOf('AllAtOnce'), { type: 'HOST_COUNT', value: 0 })
  assert.deepEqual(await minimumOf('HalfAtATime'), { type: 'FLEET_PERCENT', value: 50 })
  assert.deepEqual(await minimumOf('OneAtATime'), { type: 'MOST_CONCURRENCY', value: 1 })
})

test('a renamed application keeps its groups and their deployments', async () => {
  const { service, world } = await face()
  await call(service, 'CreateApplication', { applicationName: 'a' })
  const group = { applicationName: 'a', deploymentGroupName: 'g' }
  const settings = { serviceRoleArn: role, autoScalingGroups: ['asg'] }
  await call(service, 'CreateDeploymentGroup', { ...group, ...settings })
  await call(service, 'CreateDeployment', { ...group, revision })
  await call(service, 'UpdateApplication', { applicationName: 'a', newApplicationName: 'z' })
  await call(service, 'UpdateDeploymentGroup', {
    applicationName: 'z',
    currentDeploymentGroupName: 'g',
    newDeploymentGroupName: 'h',
  })
  await world.run()
  const at = { applicationName: 'z', deploymentGroupName: 'h' }
  const found = await call<GetDeploymentGroupCommandOutput>(service, 'GetDeploymentGroup', at)
  assert.equal(found.deploymentGroupInfo?.lastSuccessfulDeployment?.status, 'Succeeded')
  const listed = await call<ListDeploymentsCommandOutput>(service, 'ListDeployments', at)
  assert.equal(listed.deployments?.length, 1)
  await call(service, 'DeleteApplication', { applicationName: 'z' })
  assert.equal(
    await codeOf(call(service, 'GetDeploymentGroup', at)),
    'ApplicationDoesNotExistException',
  )
})

test('tags are set, read and taken away by ARN', async () => {
  const { service } = await face()
  await call(service, 'CreateApplication', {
    applicationName: 'a',
    tags: [{ Key: 'team', Value: 'x' }],
  })
  const ResourceArn = 'arn:aws:codedeploy:us-east-1:000000000000:application:a'
  await call(service, 'TagResource', { ResourceArn, Tags: [{ Key: 'b', Value: '2' }] })
  await call(service, 'UntagResource', { ResourceArn, TagKeys: ['team'] })
  const tags = await call<ListTagsForResourceCommandOutput>(service, 'ListTagsForResource', {
    ResourceArn,
  })
  assert.deepEqual(tags.Tags, [{ Key: 'b', Value: '2' }])
})

test('a restart takes the revision of the last good deployment and names none itself', async () => {
  const { service, world } = await face()
  const at = { applicationName: 'shop', deploymentGroupName: 'blue' }
  await call(service, 'CreateApplication', { applicationName: 'shop' })
  const settings = { serviceRoleArn: role, autoScalingGroups: ['asg'] }
  await call(service, 'CreateDeploymentGroup', { ...at, ...settings })
  const restart = (change: object = {}): Promise<CreateDeploymentCommandOutput> =>
    call(service, 'CreateDeployment', { ...at, deploymentMode: 'RESTART', ...change })
  assert.equal(await codeOf(restart()), 'RevisionRequiredException')
  await call(service, 'CreateDeployment', { ...at, revision })
  await world.run()
  assert.equal(await codeOf(restart({ revision })), 'InvalidRevisionException')
  assert.equal(
    await codeOf(restart({ updateOutdatedInstancesOnly: true })),
    'InvalidUpdateOutdatedInstancesOnlyValueException',
  )
  world.appspecs.clear()
  const { deploymentId } = await restart()
  await world.run()
  const { deploymentInfo } = await call<GetDeploymentCommandOutput>(service, 'GetDeployment', {
    deploymentId,
  })
  assert.equal(deploymentInfo?.status, 'Succeeded', 'the bundle is not even looked for')
  assert.equal(deploymentInfo?.deploymentMode, 'RESTART')
  assert.equal(deploymentInfo?.revision?.s3Location?.key, 'v1.zip')
})

test('triggers are refused by name while there are no topics', async () => {
  const { service } = await face()
  await call(service, 'CreateApplication', { applicationName: 'shop' })
  const trigger = {
    triggerName: 'all',
    triggerTargetArn: 'arn:aws:sns:us-east-1:000000000000:deployments',
    triggerEvents: ['DeploymentStart'],
  }
  await assert.rejects(
    call(service, 'CreateDeploymentGroup', {
      applicationName: 'shop',
      deploymentGroupName: 'blue',
      serviceRoleArn: role,
      triggerConfigurations: [trigger],
    }),
    { code: 'InvalidTriggerConfigException', message: /triggerConfigurations/ },
  )
})

test('a filter that no record can meet is refused by its own error', async () => {
  const { service } = await face()
  await call(service, 'CreateApplication', { applicationName: 'shop' })
  const at = { applicationName: 'shop', deploymentGroupName: 'blue' }
  await call(service, 'CreateDeploymentGroup', { ...at, serviceRoleArn: role })
  const { deploymentId } = await call<CreateDeploymentCommandOutput>(service, 'CreateDeployment', {
    ...at,
    revision,
  })
  const range = { start: new Date(2000), end: new Date(1000) }
  const refused: readonly (readonly [string, object, string])[] = [
    ['ListDeployments', { includeOnlyStatuses: ['Gone'] }, 'InvalidDeploymentStatusException'],
    ['ListDeployments', { createTimeRange: range }, 'InvalidTimeRangeException'],
    ['ListApplicationRevisions', { ...at, sortBy: 'age' }, 'InvalidSortByException'],
    ['ListApplicationRevisions', { ...at, sortOrder: 'up' }, 'InvalidSortOrderException'],
    ['ListApplicationRevisions', { ...at, deployed: 'no' }, 'InvalidDeployedStateFilterException'],
    ['ListApplicationRevisions', { ...at, s3KeyPrefix: 'v' }, 'BucketNameFilterRequiredException'],
    ['ListApplicationRevisions', { ...at, s3Bucket: '!' }, 'InvalidBucketNameFilterException'],
    ['ListDeploymentTargets', { targetFilters: { Age: [] } }, 'InvalidTargetFilterNameException'],
    [
      'ListDeploymentTargets',
      { targetFilters: { TargetStatus: ['Gone'] } },
      'InvalidInstanceStatusException',
    ],
    ['ListDeploymentInstances', { instanceTypeFilter: ['Red'] }, 'InvalidInstanceTypeException'],
    [
      'CreateDeployment',
      { ...at, revision, fileExistsBehavior: 'ASK' },
      'InvalidFileExistsBehaviorException',
    ],
  ]
  for (const [operation, input, code] of refused) {
    const of = operation.startsWith('ListDeployment') && operation !== 'ListDeployments'
    const given = of ? { ...input, deploymentId } : input
    const { deploymentGroupName: _, ...rest } = given as Record<string, unknown>
    const sent = operation === 'ListApplicationRevisions' ? rest : given
    assert.equal(await codeOf(call(service, operation, sent)), code, JSON.stringify(input))
  }
})
