import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploymentGroups, groupKey } from '../../../deploy/deployment-group.ts'
import { applications } from '../../../deploy/application.ts'
import { deployScope, deployWorld } from '../../../testing/deploy-world.ts'
import { deploymentGroupResource } from './deployment-group.ts'

const context = {
  scope: deployScope,
  tags: [],
  physicalName: () => 'stack-Group-1',
  started: async () => undefined,
} as never

async function stage() {
  const world = await deployWorld({ hosts: 0 })
  const application = { applicationId: '1', applicationName: 'shop', createTime: 0, tags: [] }
  await world.store.insert(applications, { scope: deployScope, id: 'shop' }, application)
  const type = deploymentGroupResource({ deploy: world.deploy })
  const group = async () =>
    (await world.store.find(deploymentGroups, deployScope, groupKey('shop', 'stack-Group-1')))
      ?.value
  return { type, group }
}

const required = {
  ApplicationName: 'shop',
  ServiceRoleArn: 'arn:aws:iam::000000000000:role/deploy',
}
const filter = { Key: 'role', Value: 'web', Type: 'KEY_AND_VALUE' }

test('servers of one’s own and outdated instances, and back when the template no longer says so', async () => {
  const { type, group } = await stage()
  const before = {
    ...required,
    OnPremisesTagSet: { OnPremisesTagSetList: [{ OnPremisesTagGroup: [filter] }] },
    OutdatedInstancesStrategy: 'IGNORE',
  }
  const { physicalId } = await type.create(before, context)
  assert.deepEqual((await group())?.selection.onPremises?.set, [[filter]])
  assert.equal((await group())?.ignoresOutdatedInstances, true)
  const change = { physicalId, before, after: { ...required } } as never
  await type.update?.(change, context)
  assert.deepEqual((await group())?.selection.onPremises, { filters: [], set: [] })
  assert.equal((await group())?.ignoresOutdatedInstances, false)
})

test('a trigger in a template is refused by name while there are no topics', async () => {
  const { type } = await stage()
  const TriggerConfigurations = [
    {
      TriggerName: 'all',
      TriggerTargetArn: 'arn:aws:sns:us-east-1:000000000000:deployments',
      TriggerEvents: ['DeploymentStart'],
    },
  ]
  await assert.rejects(type.create({ ...required, TriggerConfigurations }, context), {
    code: 'InvalidTriggerConfigException',
  })
})
