import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  BatchGetOnPremisesInstancesCommandOutput,
  GetDeploymentGroupCommandOutput,
  GetOnPremisesInstanceCommandOutput,
  ListOnPremisesInstancesCommandOutput,
} from '@aws-sdk/client-codedeploy'
import { deployWorld } from '../../testing/deploy-world.ts'
import { call } from '../../testing/fake-request.ts'
import type { Service } from '../../wire/service.ts'
import { codedeployService } from './index.ts'

const userOf = (name: string): string => `arn:aws:iam::000000000000:user/AWS/CodeDeploy/${name}`

async function faces() {
  const world = await deployWorld({ hosts: 0 })
  return { service: codedeployService({ deploy: world.deploy }) }
}

async function register(service: Service, ...names: string[]): Promise<void> {
  for (const instanceName of names) {
    const iamUserArn = userOf(instanceName)
    await call(service, 'RegisterOnPremisesInstance', { instanceName, iamUserArn })
  }
}

test('a server is registered once, by one ARN, tagged, listed and deregistered', async () => {
  const { service } = await faces()
  await register(service, 'rack-1', 'rack-2', 'rack-3')
  const tags = [{ Key: 'role', Value: 'web' }]
  const instanceNames = ['rack-1', 'rack-2']
  await call(service, 'AddTagsToOnPremisesInstances', { tags, instanceNames })
  await call(service, 'RemoveTagsFromOnPremisesInstances', { tags, instanceNames: ['rack-2'] })
  const { instanceInfo } = await call<GetOnPremisesInstanceCommandOutput>(
    service,
    'GetOnPremisesInstance',
    { instanceName: 'rack-1' },
  )
  assert.match(instanceInfo?.instanceArn ?? '', /:codedeploy:.*:instance\/rack-1_\w{10}$/)
  assert.equal(instanceInfo?.iamUserArn, userOf('rack-1'))
  assert.deepEqual(instanceInfo?.tags, tags)
  await call(service, 'DeregisterOnPremisesInstance', { instanceName: 'rack-3' })
  const list = async (input: object): Promise<readonly string[] | undefined> =>
    (await call<ListOnPremisesInstancesCommandOutput>(service, 'ListOnPremisesInstances', input))
      .instanceNames
  assert.deepEqual(await list({}), ['rack-1', 'rack-2', 'rack-3'])
  assert.deepEqual(await list({ registrationStatus: 'Registered' }), ['rack-1', 'rack-2'])
  assert.deepEqual(await list({ registrationStatus: 'Deregistered' }), ['rack-3'])
  const filter = { Key: 'role', Value: 'web', Type: 'KEY_AND_VALUE' }
  assert.deepEqual(await list({ tagFilters: [filter] }), ['rack-1'])
  const { instanceInfos } = await call<BatchGetOnPremisesInstancesCommandOutput>(
    service,
    'BatchGetOnPremisesInstances',
    { instanceNames: ['rack-3', 'nobody'] },
  )
  assert.equal(instanceInfos?.length, 1)
  assert.ok(instanceInfos?.[0]?.deregisterTime)
  await register(service, 'rack-3')
})

test('what AWS refuses of servers is refused by its name', async () => {
  const { service } = await faces()
  await register(service, 'rack-1')
  const sessionArn = 'arn:aws:sts::000000000000:assumed-role/servers/rack-2'
  const refused = async (code: string, operation: string, input: object): Promise<void> => {
    await assert.rejects(call(service, operation, input), { code })
  }
  const registering = (code: string, input: object): Promise<void> =>
    refused(code, 'RegisterOnPremisesInstance', input)
  await registering('InstanceNameRequiredException', { iamUserArn: userOf('x') })
  await registering('InvalidInstanceNameException', {
    instanceName: 'i-1',
    iamUserArn: userOf('x'),
  })
  await registering('IamArnRequiredException', { instanceName: 'rack-2' })
  await registering('MultipleIamArnsProvidedException', {
    instanceName: 'rack-2',
    iamUserArn: userOf('x'),
    iamSessionArn: sessionArn,
  })
  await registering('InvalidIamUserArnException', { instanceName: 'a', iamUserArn: sessionArn })
  await registering('InvalidIamSessionArnException', {
    instanceName: 'a',
    iamSessionArn: userOf('a'),
  })
  await registering('InstanceNameAlreadyRegisteredException', {
    instanceName: 'rack-1',
    iamUserArn: userOf('other'),
  })
  await registering('IamUserArnAlreadyRegisteredException', {
    instanceName: 'rack-2',
    iamUserArn: userOf('rack-1'),
  })
  await call(service, 'RegisterOnPremisesInstance', {
    instanceName: 'rack-2',
    iamSessionArn: sessionArn,
  })
  await registering('IamSessionArnAlreadyRegisteredException', {
    instanceName: 'rack-3',
    iamSessionArn: sessionArn,
  })
  const absent = { instanceName: 'nobody' }
  await refused('InstanceNotRegisteredException', 'GetOnPremisesInstance', absent)
  const tags = [{ Key: 'a', Value: 'b' }]
  await refused('InstanceNotRegisteredException', 'AddTagsToOnPremisesInstances', {
    tags,
    instanceNames: ['rack-1', 'nobody'],
  })
  const { instanceInfo } = await call<GetOnPremisesInstanceCommandOutput>(
    service,
    'GetOnPremisesInstance',
    { instanceName: 'rack-1' },
  )
  assert.deepEqual(instanceInfo?.tags, [], 'all are tagged or none')
  await refused('TagRequiredException', 'AddTagsToOnPremisesInstances', {
    tags: [],
    instanceNames: ['rack-1'],
  })
  await refused('InvalidRegistrationStatusException', 'ListOnPremisesInstances', {
    registrationStatus: 'registered',
  })
})

test('a group names servers by filters or by a set of them, not by both, and not blue/green', async () => {
  const { service } = await faces()
  const at = { applicationName: 'shop', deploymentGroupName: 'racks' }
  await call(service, 'CreateApplication', { applicationName: 'shop' })
  const filter = { Key: 'role', Value: 'web', Type: 'KEY_AND_VALUE' }
  const onPremisesTagSet = { onPremisesTagSetList: [[filter]] }
  const group = { ...at, serviceRoleArn: 'arn:aws:iam::000000000000:role/deploy' }
  const both = { onPremisesTagSet, onPremisesInstanceTagFilters: [filter] }
  await assert.rejects(call(service, 'CreateDeploymentGroup', { ...group, ...both }), {
    code: 'InvalidOnPremisesTagCombinationException',
  })
  await call(service, 'CreateDeploymentGroup', { ...group, onPremisesTagSet })
  const shown = async (): Promise<unknown[]> => {
    const output = await call<GetDeploymentGroupCommandOutput>(service, 'GetDeploymentGroup', at)
    const { deploymentGroupInfo: read } = output
    return [read?.onPremisesTagSet, read?.onPremisesInstanceTagFilters]
  }
  assert.deepEqual(await shown(), [onPremisesTagSet, []])
  await call(service, 'UpdateDeploymentGroup', {
    applicationName: 'shop',
    currentDeploymentGroupName: 'racks',
    onPremisesInstanceTagFilters: [filter],
  })
  assert.deepEqual(await shown(), [undefined, [filter]])
})
