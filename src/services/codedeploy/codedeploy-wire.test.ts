import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../../kernel/ports.ts'
import { codedeployService } from './index.ts'
import { deployScope, deployWorld } from '../../testing/deploy-world.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { officialClient } from '../../testing/wire-client.ts'
import { createWire } from '../../wire/create-wire.ts'

test('the unmodified SDK deploys: from the application to the times of its events', async () => {
  const world = await deployWorld({ hosts: 1, withTrafficControl: true })
  const wire = createWire({
    services: [codedeployService({ deploy: world.deploy })],
    authentication: 'off',
    credentials: { find: async () => undefined } as never,
    clock: world.clock,
    random: seededRandom(2),
    log: silentLog,
    defaults: deployScope,
  })
  const client = officialClient({
    client: 'codedeploy',
    exchange: (request) => wire.exchange(request),
  })
  await client.send('CreateApplication', { applicationName: 'shop' })
  await client.send('CreateDeploymentGroup', {
    applicationName: 'shop',
    deploymentGroupName: 'live',
    serviceRoleArn: 'arn:aws:iam::000000000000:role/deploy',
    autoScalingGroups: ['asg'],
    deploymentStyle: { deploymentType: 'IN_PLACE', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    loadBalancerInfo: { targetGroupInfoList: [{ name: 'web' }] },
  })
  const { deploymentId } = await client.send('CreateDeployment', {
    applicationName: 'shop',
    deploymentGroupName: 'live',
    revision: { revisionType: 'S3', s3Location: { bucket: 'b', key: 'v1.zip' } },
  })
  await world.run()
  const { deploymentTargets } = await client.send('BatchGetDeploymentTargets', {
    deploymentId,
    targetIds: ['i-1'],
  })
  const [target] = deploymentTargets as {
    instanceTarget: { lifecycleEvents: { endTime: Date }[] }
  }[]
  assert.equal(target?.instanceTarget.lifecycleEvents.length, 13)
  assert.ok(target?.instanceTarget.lifecycleEvents.every((event) => event.endTime instanceof Date))
  await assert.rejects(client.send('GetDeployment', { deploymentId: 'd-000000000' }), {
    name: 'DeploymentDoesNotExistException',
  })
  await assert.rejects(
    client.send('CreateDeployment', {
      applicationName: 'shop',
      deploymentGroupName: 'live',
      revision: { revisionType: 'GitHub', gitHubLocation: { repository: 'a', commitId: 'c' } },
    }),
    { name: 'InvalidRevisionException' },
  )
  await assert.rejects(client.send('ContinueDeployment', { deploymentId }), (thrown: Error) =>
    /Unknown|NotImplemented|Unsupported/i.test(thrown.name),
  )
  client.destroy()
})
