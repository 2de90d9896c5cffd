import { startLoad } from '../test/harness/load.ts'
import { startPlatform, until } from '../test/harness/platform.ts'
import { createSite, serveFirstRevision } from '../test/harness/website.ts'
import { row } from './figures.ts'

/** A zone of three is lost under 500 requests a second, in each way, and comes back. */
const ratePerSecond = 500
const zone = 'us-east-1b'
/** Requests that were under way at the fault end within this of it. */
const inFlightMilliseconds = 100

interface Activities {
  readonly Activities: readonly { readonly StartTime: string; readonly Description: string }[]
}
interface Groups {
  readonly AutoScalingGroups: readonly [
    {
      readonly Instances: readonly {
        readonly AvailabilityZone: string
        readonly LifecycleState: string
      }[]
    },
  ]
}

const platform = await startPlatform()
try {
  const site = await createSite(platform, 'zones')
  await serveFirstRevision(platform, site)
  const zonesInService = async (): Promise<readonly string[]> => {
    const answer = (await platform.aws(
      ...['autoscaling', 'describe-auto-scaling-groups'],
      ...['--auto-scaling-group-names', site.autoScalingGroup],
    )) as unknown as Groups
    const members = answer.AutoScalingGroups[0].Instances
    const isSettled = members.every((each) => each.LifecycleState === 'InService')
    return isSettled && members.length === 3 ? members.map((each) => each.AvailabilityZone) : []
  }
  const settled = async (holds: (zones: readonly string[]) => boolean): Promise<number> => {
    await until('the group is as wanted', async () => {
      const zones = await zonesInService()
      return zones.length > 0 && holds(zones)
    })
    return Date.now()
  }
  const noticedAfter = async (since: number): Promise<number> => {
    const { Activities: all } = (await platform.aws(
      ...['autoscaling', 'describe-scaling-activities'],
      ...['--auto-scaling-group-name', site.autoScalingGroup],
    )) as unknown as Activities
    const times = all
      .filter((each) => each.Description.startsWith('Terminating'))
      .map((each) => Date.parse(each.StartTime))
      .filter((at) => at >= since)
    return Math.min(...times) - since
  }

  row('zone', 'noticed', 'full again', 'spread again', 'requests', 'failed', 'after 100 ms')
  for (const [verb, fault] of [
    ['kill', 'killed'],
    ['cut', 'cut'],
    ['pause', 'paused'],
  ] as const) {
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/who`,
      ratePerSecond,
      connections: 50,
      host: site.dnsName,
    })
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const faultedAt = Date.now()
    await platform.evenkeel('gameday', 'zone', verb, zone)
    const fullAt = await settled((zones) => !zones.includes(zone))
    const noticed = await noticedAfter(faultedAt)
    const restoredAt = Date.now()
    await platform.evenkeel('gameday', 'zone', 'restore', zone)
    const evenAt = await settled((zones) => new Set(zones).size === 3)
    const { records, failed } = await load.stop()
    const late = failed.filter((each) => each.at > faultedAt + inFlightMilliseconds)
    row(
      fault,
      `${noticed} ms`,
      `${fullAt - faultedAt} ms`,
      `${evenAt - restoredAt} ms`,
      String(records.length),
      String(failed.length),
      String(late.length),
    )
  }
} finally {
  await platform.stop()
}
