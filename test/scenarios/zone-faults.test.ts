import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { startLoad, type LoadResult } from '../harness/load.ts'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'
import { isAlive, pidOf } from '../harness/processes.ts'
import { createSite, everyoneWho, serveFirstRevision, type Site } from '../harness/website.ts'

interface GroupAnswer {
  readonly AutoScalingGroups: readonly [
    {
      readonly Instances: readonly {
        readonly InstanceId: string
        readonly AvailabilityZone: string
        readonly LifecycleState: string
        readonly HealthStatus: string
      }[]
    },
  ]
}

const skip = await lacksAws()
const broken = 'us-east-1b'
/** Requests were under way at the fault when they end within this of it; afterwards none may fail. */
const inFlightMilliseconds = 100

describe('a zone that is lost under 500 requests a second', { skip }, () => {
  let platform: Platform
  let site: Site
  before(async () => {
    platform = await startPlatform()
    site = await createSite(platform, 'zones')
    await serveFirstRevision(platform, site)
  })
  after(async () => {
    await platform?.stop()
  })

  const zonesInService = async (): Promise<readonly string[]> => {
    const answer = (await platform.aws(
      ...['autoscaling', 'describe-auto-scaling-groups'],
      ...['--auto-scaling-group-names', site.autoScalingGroup],
    )) as unknown as GroupAnswer
    const [group] = answer.AutoScalingGroups
    const all = group.Instances.every((each) => each.LifecycleState === 'InService')
    return all ? group.Instances.map((each) => each.AvailabilityZone).toSorted() : []
  }
  const zoneState = async (): Promise<unknown> => {
    const answer = (await platform.aws(
      ...['ec2', 'describe-availability-zones', '--zone-names', broken],
    )) as { AvailabilityZones: readonly { State: string }[] }
    return answer.AvailabilityZones[0]?.State
  }
  const full = (what: string, holds: (zones: readonly string[]) => boolean) =>
    until(what, async () => {
      const zones = await zonesInService()
      return zones.length === 3 && holds(zones)
    })

  async function loseAndRegain(
    t: TestContext,
    verb: 'kill' | 'cut',
    meanwhile: () => Promise<void>,
  ): Promise<LoadResult> {
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 500,
      connections: 50,
      host: site.dnsName,
    })
    let faultedAt = 0
    let fullAt = 0
    let result: LoadResult
    try {
      await platform.evenkeel('gameday', 'zone', verb, broken)
      faultedAt = Date.now()
      await meanwhile()
      await full('the other zones have the whole capacity', (zones) => !zones.includes(broken))
      fullAt = Date.now()
      await platform.evenkeel('gameday', 'zone', 'restore', broken)
      await full('every zone has one again', (zones) => new Set(zones).size === 3)
    } finally {
      result = await load.stop()
    }
    const late = result.failed.filter((each) => each.at > faultedAt + inFlightMilliseconds)
    t.diagnostic(
      `${result.records.length} requests, ${result.failed.length} failed; full after ${fullAt - faultedAt} ms`,
    )
    assert.deepEqual(late, [])
    return result
  }

  async function stateOf(id: string): Promise<unknown> {
    const answer = (await platform.aws(
      ...['ec2', 'describe-instances', '--instance-ids', id],
    )) as unknown as { Reservations: { Instances: { State: { Name: string } }[] }[] }
    return answer.Reservations[0]?.Instances[0]?.State.Name
  }

  it('killed: the group fills up elsewhere and spreads out again, no request fails', async (t) => {
    const made = (await platform.aws(
      ...['ec2', 'run-instances', '--image-id', 'ami-evenkeel', '--instance-type', 't3.nano'],
      ...['--placement', `AvailabilityZone=${broken}`, '--count', '1'],
    )) as unknown as { Instances: { InstanceId: string }[] }
    const alone = made.Instances[0]?.InstanceId ?? ''
    await until('an instance of no group runs', async () => (await stateOf(alone)) === 'running')
    await loseAndRegain(t, 'kill', async () => {
      assert.equal(await zoneState(), 'unavailable')
      await assert.rejects(
        platform.aws(
          ...['ec2', 'run-instances', '--image-id', 'ami-evenkeel', '--instance-type', 't3.nano'],
          ...['--placement', `AvailabilityZone=${broken}`, '--count', '1'],
        ),
        /InsufficientInstanceCapacity/,
      )
      assert.equal(await stateOf(alone), 'stopped')
    })
    await until('it runs again as the same one', async () => (await stateOf(alone)) === 'running')
    assert.equal(await zoneState(), 'available')
  })

  it('cut: it stays cut although the host process is killed', async (t) => {
    await loseAndRegain(t, 'cut', async () => {
      const host = pidOf(platform, 'host')
      process.kill(host, 'SIGKILL')
      await until('another host process runs', async () => {
        const now = pidOf(platform, 'host')
        return now !== host && isAlive(now)
      })
      assert.match(await platform.evenkeel('gameday', 'zone', 'status'), /us-east-1b {2}cut/)
      assert.equal(await zoneState(), 'impaired')
    })
    await everyoneWho(platform, site, 3)
  })
})
