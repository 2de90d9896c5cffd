import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling'
import { startLoad, type Load } from '../harness/load.ts'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'
import { createSite, everyoneWho, serveFirstRevision, type Site } from '../harness/website.ts'

const skip = await lacksAws()

describe('an instance refresh under load', { skip }, () => {
  let platform: Platform
  let site: Site

  before(async () => {
    platform = await startPlatform()
    site = await createSite(platform, 'shop')
    await serveFirstRevision(platform, site)
  })
  after(async () => {
    await platform?.stop()
  })

  /** The groups' client, and what a refresh asks for: a fourth instance before one of three leaves. */
  const client = (t: TestContext): AutoScalingClient => {
    const { endpoint, credentials } = platform
    const groups = new AutoScalingClient({ endpoint, credentials, region: 'us-east-1' })
    t.after(() => groups.destroy())
    return groups
  }
  const ids = async () => (await everyoneWho(platform, site, 3)).map(({ instanceId }) => instanceId)
  const preferences = { MinHealthyPercentage: 100, MaxHealthyPercentage: 134, InstanceWarmup: 0 }
  const latest = async (groups: AutoScalingClient) => {
    const answer = await groups.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: site.autoScalingGroup }),
    )
    return answer.InstanceRefreshes?.[0]
  }
  const over = (groups: AutoScalingClient) =>
    until(
      'the refresh is over',
      async () => {
        const first = await latest(groups)
        return first?.Status === 'Pending' || first?.Status === 'InProgress' ? undefined : first
      },
      240_000,
    )
  const start = (groups: AutoScalingClient) =>
    groups.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: site.autoScalingGroup,
        Preferences: preferences,
      }),
    )
  const load = async (t: TestContext): Promise<Load> => {
    const running = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 200,
      host: site.dnsName,
    })
    t.after(() => running.stop())
    return running
  }

  it('replaces every instance, each with its revision, and no request fails', async (t) => {
    const groups = client(t)
    const old = await ids()
    const running = await load(t)
    const startedAt = Date.now()
    await start(groups)
    const refresh = await over(groups)
    t.diagnostic(`${refresh.Status} after ${Date.now() - startedAt} ms`)
    assert.equal(refresh.Status, 'Successful', refresh.StatusReason)
    const fresh = await ids()
    assert.deepEqual(
      fresh.filter((id) => old.includes(id)),
      [],
    )
    const result = await running.stop()
    t.diagnostic(`${result.failed.length} of ${result.records.length} requests failed`)
    assert.deepEqual(result.failed, [])
  })

  it('goes on after the server was killed in the middle of it', async (t) => {
    const groups = client(t)
    const old = await ids()
    const running = await load(t)
    await start(groups)
    await until('the refresh is on its way', async () =>
      ((await latest(groups))?.PercentageComplete ?? 0) > 0 ? true : undefined,
    )
    process.kill(platform.pid(), 'SIGKILL')
    await platform.up()
    const refresh = await over(groups)
    assert.equal(refresh.Status, 'Successful', refresh.StatusReason)
    const fresh = await ids()
    assert.equal(fresh.length, 3)
    assert.deepEqual(
      fresh.filter((id) => old.includes(id)),
      [],
    )
    const result = await running.stop()
    t.diagnostic(`${result.failed.length} of ${result.records.length} requests failed`)
    assert.deepEqual(result.failed, [])
  })
})
