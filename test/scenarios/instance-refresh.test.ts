import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling'
import { startLoad } from '../harness/load.ts'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'
import {
  createSite,
  deployFolder,
  endedDeployment,
  everyoneWho,
  website,
  type Site,
} from '../harness/website.ts'

const skip = await lacksAws()

describe('an instance refresh under load', { skip }, () => {
  let platform: Platform
  let site: Site

  before(async () => {
    platform = await startPlatform()
    site = await createSite(platform, 'shop')
    const deploymentId = await deployFolder(platform, site, {
      folder: `${website}/v1`,
      key: 'v1.tgz',
      config: 'CodeDeployDefault.AllAtOnce',
    })
    assert.equal((await endedDeployment(platform, deploymentId)).status, 'Succeeded')
    await everyoneWho(platform, site, 3)
  })
  after(async () => {
    await platform?.stop()
  })

  it('replaces every instance, each with its revision, and no request fails', async (t) => {
    const ids = async () =>
      (await everyoneWho(platform, site, 3)).map(({ instanceId }) => instanceId)
    const old = await ids()
    const group = { AutoScalingGroupName: site.autoScalingGroup }
    const { endpoint, credentials } = platform
    const groups = new AutoScalingClient({ endpoint, credentials, region: 'us-east-1' })
    t.after(() => groups.destroy())
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 200,
      host: site.dnsName,
    })
    t.after(() => load.stop())
    const startedAt = Date.now()
    await groups.send(
      new StartInstanceRefreshCommand({
        ...group,
        Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 134, InstanceWarmup: 0 },
      }),
    )
    const refresh = await until(
      'the refresh is over',
      async () => {
        const answer = await groups.send(new DescribeInstanceRefreshesCommand(group))
        const [first] = answer.InstanceRefreshes ?? []
        return first?.Status === 'Pending' || first?.Status === 'InProgress' ? undefined : first
      },
      240_000,
    )
    t.diagnostic(`${refresh.Status} after ${Date.now() - startedAt} ms`)
    assert.equal(refresh.Status, 'Successful', refresh.StatusReason)
    const fresh = await ids()
    assert.deepEqual(
      fresh.filter((id) => old.includes(id)),
      [],
    )
    const result = await load.stop()
    t.diagnostic(`${result.failed.length} of ${result.records.length} requests failed`)
    assert.deepEqual(result.failed, [])
  })
})
