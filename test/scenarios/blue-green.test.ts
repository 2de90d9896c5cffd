import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startLoad } from '../harness/load.ts'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'
import {
  createSite,
  deployFolder,
  endedDeployment,
  everyoneWho,
  serveFirstRevision,
  website,
  type Site,
} from '../harness/website.ts'

const installEvents = [
  'ApplicationStop',
  'DownloadBundle',
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'ApplicationStart',
  'ValidateService',
]
const allowEvents = ['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic']
const blockEvents = ['BeforeBlockTraffic', 'BlockTraffic', 'AfterBlockTraffic']

interface Targets {
  readonly deploymentTargets: readonly {
    readonly instanceTarget: {
      readonly targetId: string
      readonly status: string
      readonly instanceLabel: 'Blue' | 'Green'
      readonly lifecycleEvents: readonly {
        readonly lifecycleEventName: string
        readonly status: string
        readonly startTime: string
        readonly endTime: string
      }[]
    }
  }[]
}

/** All targets of a deployment, and when each of an environment's events began first and ended last. */
async function environments(platform: Platform, deploymentId: string) {
  const about = ['--deployment-id', deploymentId]
  const listed = await platform.aws('deploy', 'list-deployment-targets', ...about)
  const ids = listed['targetIds'] as string[]
  const { deploymentTargets } = (await platform.aws(
    ...['deploy', 'batch-get-deployment-targets', ...about, '--target-ids', ...ids],
  )) as unknown as Targets
  const targets = deploymentTargets.map(({ instanceTarget }) => instanceTarget)
  const span = (label: string, name: string) => {
    const events = targets
      .filter((target) => target.instanceLabel === label)
      .flatMap((target) => target.lifecycleEvents)
      .filter((event) => event.lifecycleEventName === name)
    return {
      first: Math.min(...events.map((event) => Date.parse(event.startTime))),
      last: Math.max(...events.map((event) => Date.parse(event.endTime))),
    }
  }
  return { targets, span }
}

const skip = await lacksAws()

describe('blue/green over three and three hosts, one at a time, under load', { skip }, () => {
  let platform: Platform
  let site: Site
  before(async () => {
    platform = await startPlatform()
    site = await createSite(platform, 'demo')
    await serveFirstRevision(platform, site)
    await configure(0)
  })
  after(async () => {
    await platform?.stop()
  })

  async function configure(terminationWaitMinutes: number): Promise<void> {
    await platform.aws(
      ...['deploy', 'update-deployment-group', '--application-name', site.application],
      ...['--current-deployment-group-name', site.deploymentGroup],
      ...['--deployment-style'],
      'deploymentType=BLUE_GREEN,deploymentOption=WITH_TRAFFIC_CONTROL',
      '--blue-green-deployment-configuration',
      JSON.stringify({
        greenFleetProvisioningOption: { action: 'COPY_AUTO_SCALING_GROUP' },
        deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT' },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: 'TERMINATE',
          terminationWaitTimeInMinutes: terminationWaitMinutes,
        },
      }),
    )
  }

  async function everyoneIs(version: string): Promise<void> {
    const everyone = await everyoneWho(platform, site, 3)
    assert.deepEqual([...new Set(everyone.map((who) => who.version))], [version])
  }

  it('moves the traffic without failing a request, in the order of the talk', async () => {
    const blue = await everyoneWho(platform, site, 3)
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 200,
      host: site.dnsName,
    })
    const deploymentId = await deployFolder(platform, site, {
      folder: `${website}/v2`,
      key: 'v2.tgz',
    })
    const ended = await endedDeployment(platform, deploymentId)
    const result = await load.stop()
    assert.equal(ended.status, 'Succeeded')
    assert.ok(result.records.length > 200, 'the load must have run')
    assert.deepEqual(result.failed, [])

    const { targets, span } = await environments(platform, deploymentId)
    assert.equal(targets.length, 6)
    for (const { instanceLabel, lifecycleEvents, status } of targets) {
      assert.equal(status, 'Succeeded')
      const names = lifecycleEvents.map((event) => event.lifecycleEventName)
      const expected = instanceLabel === 'Green' ? [...installEvents, ...allowEvents] : blockEvents
      assert.deepEqual(names, expected)
      assert.ok(lifecycleEvents.every((event) => event.status === 'Succeeded'))
    }
    const blues = targets.filter((target) => target.instanceLabel === 'Blue')
    assert.deepEqual(
      blues.map((target) => target.targetId).toSorted(),
      blue.map((who) => who.instanceId).toSorted(),
    )
    assert.ok(
      span('Green', 'ValidateService').last <= span('Green', 'BeforeAllowTraffic').first,
      'no traffic before all of green is installed',
    )
    assert.ok(
      span('Green', 'AfterAllowTraffic').last <= span('Blue', 'BeforeBlockTraffic').first,
      'blue serves until all of green does',
    )
    const green = await everyoneWho(platform, site, 3)
    assert.deepEqual([...new Set(green.map((who) => who.version))], ['v2'])
    assert.equal(new Set(green.map((who) => who.zone)).size, 3)
  })

  it('points the group at the copy, and the original group is gone', async () => {
    const { deploymentGroupInfo } = (await platform.aws(
      ...['deploy', 'get-deployment-group', '--application-name', site.application],
      ...['--deployment-group-name', site.deploymentGroup],
    )) as { deploymentGroupInfo: { autoScalingGroups: { name: string }[] } }
    const [name, another] = deploymentGroupInfo.autoScalingGroups.map((group) => group.name)
    assert.match(name ?? '', /^CodeDeploy_.*_d-[A-Z0-9]{9}$/)
    assert.equal(another, undefined)
    await until('only the copy is left', async () => {
      const { AutoScalingGroups } = (await platform.aws(
        ...['autoscaling', 'describe-auto-scaling-groups'],
      )) as { AutoScalingGroups: { AutoScalingGroupName: string }[] }
      return AutoScalingGroups.length === 1 && AutoScalingGroups[0]?.AutoScalingGroupName === name
    })
  })

  it('brings the traffic back when it is stopped in the termination wait', async () => {
    await configure(30)
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 200,
      host: site.dnsName,
    })
    const deploymentId = await deployFolder(platform, site, {
      folder: `${website}/v1`,
      key: 'v1-again.tgz',
    })
    const about = ['--deployment-id', deploymentId]
    await until('blue has left', async () => {
      const { deploymentInfo } = (await platform.aws('deploy', 'get-deployment', ...about)) as {
        deploymentInfo: { status: string; instanceTerminationWaitTimeStarted: boolean }
      }
      assert.notEqual(deploymentInfo.status, 'Failed')
      return deploymentInfo.instanceTerminationWaitTimeStarted
    })
    await everyoneIs('v1')
    await platform.aws('deploy', 'stop-deployment', ...about, '--auto-rollback-enabled')
    const { rollbackInfo, status } = await endedDeployment(platform, deploymentId)
    assert.equal(status, 'Stopped')
    const back = await endedDeployment(platform, rollbackInfo?.rollbackDeploymentId ?? '')
    assert.equal(back.status, 'Succeeded')
    const result = await load.stop()
    assert.deepEqual(result.failed, [])
    await everyoneIs('v2')
  })
})
