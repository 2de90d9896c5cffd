import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CodeDeployClient, CreateDeploymentConfigCommand } from '@aws-sdk/client-codedeploy'
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

/** The example website in place by every strategy, from the official CLI alone, under constant load. */
interface Strategy {
  readonly name: string
  readonly config: string
  /** `deploy create-deployment-config`, for those that AWS has none for. */
  readonly made?: readonly string[]
  /** Hosts that may be out of service at a time, of three. */
  readonly atOnce: number
}

const strategies: readonly Strategy[] = [
  { name: 'one at a time', config: 'CodeDeployDefault.OneAtATime', atOnce: 1 },
  { name: 'half at a time', config: 'CodeDeployDefault.HalfAtATime', atOnce: 1 },
  {
    name: 'a count of healthy hosts',
    config: 'count-1',
    made: ['--minimum-healthy-hosts', 'type=HOST_COUNT,value=1'],
    atOnce: 2,
  },
  {
    name: 'a share of healthy hosts',
    config: 'percent-34',
    made: ['--minimum-healthy-hosts', 'type=FLEET_PERCENT,value=34'],
    atOnce: 1,
  },
  { name: 'zone by zone', config: 'zonal', atOnce: 1 },
  { name: 'all at once', config: 'CodeDeployDefault.AllAtOnce', atOnce: 3 },
]

const installing = [
  'ApplicationStop',
  'DownloadBundle',
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'ApplicationStart',
  'ValidateService',
]
const around = [
  ...['BeforeBlockTraffic', 'BlockTraffic', 'AfterBlockTraffic', ...installing],
  ...['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic'],
]

interface GreenOptions {
  readonly targetInstances?: object
  onBegun?(deploymentId: string): Promise<void>
}

interface Span {
  readonly names: readonly string[]
  readonly begin: number
  readonly end: number
}

const skip = await lacksAws()

describe('the example website by every strategy, under load', { skip }, () => {
  let platform: Platform
  let site: Site
  let version: 'v1' | 'v2' = 'v1'
  before(async () => {
    platform = await startPlatform()
    site = await createSite(platform, 'demo')
    await serveFirstRevision(platform, site)
    await makeZonalConfig()
  })
  after(async () => {
    await platform?.stop()
  })

  /** With the SDK: older command lines, Debian's 2.9 among them, have no `--zonal-config`. */
  async function makeZonalConfig(): Promise<void> {
    const { endpoint, credentials } = platform
    const client = new CodeDeployClient({ endpoint, credentials, region: 'us-east-1' })
    await client.send(
      new CreateDeploymentConfigCommand({
        deploymentConfigName: 'zonal',
        minimumHealthyHosts: { type: 'HOST_COUNT', value: 1 },
        zonalConfig: {
          monitorDurationInSeconds: 1,
          minimumHealthyHostsPerZone: { type: 'FLEET_PERCENT', value: 0 },
        },
      }),
    )
    client.destroy()
  }

  async function style(deploymentOption: string): Promise<void> {
    await platform.aws(
      ...['deploy', 'update-deployment-group', '--application-name', site.application],
      ...['--current-deployment-group-name', site.deploymentGroup, '--deployment-style'],
      `deploymentType=IN_PLACE,deploymentOption=${deploymentOption}`,
    )
  }

  /** When each host was worked on, and by which events. */
  async function spans(deploymentId: string): Promise<readonly Span[]> {
    const about = ['--deployment-id', deploymentId]
    const { targetIds } = (await platform.aws(
      ...['deploy', 'list-deployment-targets', ...about],
    )) as { targetIds: string[] }
    const { deploymentTargets } = (await platform.aws(
      ...['deploy', 'batch-get-deployment-targets', ...about, '--target-ids', ...targetIds],
    )) as {
      deploymentTargets: {
        instanceTarget: {
          lifecycleEvents: { lifecycleEventName: string; startTime: string; endTime: string }[]
        }
      }[]
    }
    return deploymentTargets.map(({ instanceTarget: { lifecycleEvents } }) => ({
      names: lifecycleEvents.map((event) => event.lifecycleEventName),
      begin: Math.min(...lifecycleEvents.map((event) => Date.parse(event.startTime))),
      end: Math.max(...lifecycleEvents.map((event) => Date.parse(event.endTime))),
    }))
  }

  /** Deploys the other revision under load; the hosts' spans, and the requests that failed. */
  async function deployOther(config: string, key: string) {
    version = version === 'v1' ? 'v2' : 'v1'
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 100,
      host: site.dnsName,
    })
    const folder = `${website}/${version}`
    const deploymentId = await deployFolder(platform, site, { folder, key, config })
    await platform.aws(
      ...['deploy', 'wait', 'deployment-successful', '--deployment-id', deploymentId],
    )
    const { failed, records } = await load.stop()
    assert.ok(records.length > 100, 'the load must have run')
    const everyone = await everyoneWho(platform, site, 3)
    assert.deepEqual([...new Set(everyone.map((who) => who.version))], [version])
    return { failed, hosts: await spans(deploymentId) }
  }

  for (const { name, config, made, atOnce } of strategies) {
    it(`${name}, with traffic control`, async () => {
      if (made) {
        await platform.aws(
          ...['deploy', 'create-deployment-config', '--deployment-config-name', config, ...made],
        )
      }
      const { failed, hosts } = await deployOther(config, `${config}.tgz`)
      for (const host of hosts) assert.deepEqual(host.names, around)
      assert.ok(mostAtOnce(hosts) <= atOnce, `at most ${atOnce} at a time`)
      // With all hosts out at once nobody serves: that is what was asked for.
      if (atOnce < 3) assert.deepEqual(failed, [])
    })
  }

  it('without traffic control: the seven events, and no host leaves its balancer', async () => {
    await style('WITHOUT_TRAFFIC_CONTROL')
    const { hosts } = await deployOther('CodeDeployDefault.OneAtATime', 'plain.tgz')
    for (const host of hosts) assert.deepEqual(host.names, installing)
    assert.equal(mostAtOnce(hosts), 1)
    await style('WITH_TRAFFIC_CONTROL')
  })

  async function blueGreen(settings: object): Promise<void> {
    await platform.aws(
      ...['deploy', 'update-deployment-group', '--application-name', site.application],
      ...['--current-deployment-group-name', site.deploymentGroup, '--deployment-style'],
      'deploymentType=BLUE_GREEN,deploymentOption=WITH_TRAFFIC_CONTROL',
      '--blue-green-deployment-configuration',
      JSON.stringify({
        terminateBlueInstancesOnDeploymentSuccess: { action: 'KEEP_ALIVE' },
        ...settings,
      }),
    )
  }

  /** The other environment takes over under load; the instances that served before. */
  async function deployGreen(key: string, options: GreenOptions = {}): Promise<readonly string[]> {
    const before = await everyoneWho(platform, site, 3)
    version = version === 'v1' ? 'v2' : 'v1'
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 100,
      host: site.dnsName,
    })
    const folder = `${website}/${version}`
    const { onBegun, ...more } = options
    const deploymentId = await deployFolder(platform, site, { folder, key, ...more })
    await onBegun?.(deploymentId)
    assert.equal((await endedDeployment(platform, deploymentId)).status, 'Succeeded')
    assert.deepEqual((await load.stop()).failed, [])
    const after = await everyoneWho(platform, site, 3)
    const blue = before.map((who) => who.instanceId)
    assert.ok(after.every((who) => !blue.includes(who.instanceId)))
    assert.deepEqual([...new Set(after.map((who) => who.version))], [version])
    return blue
  }

  async function statesOf(instanceIds: readonly string[]): Promise<readonly string[]> {
    const { Reservations } = (await platform.aws(
      ...['ec2', 'describe-instances', '--instance-ids', ...instanceIds],
    )) as { Reservations: { Instances: { State: { Name: string } }[] }[] }
    return Reservations.flatMap((one) => one.Instances).map((one) => one.State.Name)
  }

  it('blue/green that waits to be continued, and keeps the original', async () => {
    await blueGreen({
      greenFleetProvisioningOption: { action: 'COPY_AUTO_SCALING_GROUP' },
      deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 30 },
    })
    const blue = await deployGreen('green.tgz', {
      async onBegun(deploymentId) {
        const about = ['--deployment-id', deploymentId]
        const isReady = async (): Promise<boolean> => {
          const { deploymentInfo } = (await platform.aws('deploy', 'get-deployment', ...about)) as {
            deploymentInfo: { status: string }
          }
          return deploymentInfo.status === 'Ready'
        }
        await until('the replacement is ready', isReady, 120_000)
        await platform.aws('deploy', 'continue-deployment', ...about)
      },
    })
    assert.deepEqual(await statesOf(blue), ['running', 'running', 'running'])
  })

  it('blue/green to instances that exist: back to the first environment', async () => {
    await blueGreen({
      greenFleetProvisioningOption: { action: 'DISCOVER_EXISTING' },
      deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT', waitTimeInMinutes: 0 },
    })
    const blue = await deployGreen('back.tgz', {
      targetInstances: { autoScalingGroups: [site.autoScalingGroup] },
    })
    assert.deepEqual(await statesOf(blue), ['running', 'running', 'running'])
  })
})

/** Of spans that touch, the first has ended before the other begins. */
function mostAtOnce(hosts: readonly Span[]): number {
  return Math.max(
    ...hosts.map(
      ({ begin }) => hosts.filter((other) => other.begin <= begin && begin < other.end).length,
    ),
  )
}
