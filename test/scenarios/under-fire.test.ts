import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { startLoad, type Load, type LoadResult } from '../harness/load.ts'
import { get, lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'
import { isAlive, killTree, machinePid, pidOf } from '../harness/processes.ts'
import {
  createSite,
  deployFolder,
  endedDeployment,
  everyoneWho,
  serveFirstRevision,
  website,
  type Site,
} from '../harness/website.ts'

interface Reservations {
  readonly Reservations: readonly {
    readonly Instances: readonly { InstanceId: string; State: { Name: string } }[]
  }[]
}

/** Ids of the instances that are not terminated, sorted. */
async function instanceIds(platform: Platform): Promise<readonly string[]> {
  const answer = (await platform.aws('ec2', 'describe-instances')) as unknown as Reservations
  return answer.Reservations.flatMap((reservation) => reservation.Instances)
    .filter((instance) => !['terminated', 'shutting-down'].includes(instance.State.Name))
    .map((instance) => instance.InstanceId)
    .toSorted()
}

/** Requests were under way at the kill when they end within this of it; afterwards nothing may fail. */
const inFlightMilliseconds = 100

const skip = await lacksAws()

describe('what is killed under load', { skip }, () => {
  let platform: Platform
  let site: Site
  const load = (): Promise<Load> =>
    startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 200,
      host: site.dnsName,
    })
  const settled = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds))

  before(async () => {
    platform = await startPlatform()
    site = await createSite(platform, 'shop')
    await serveFirstRevision(platform, site)
  })
  after(async () => {
    await platform?.stop()
  })

  it('an instance: no request goes there, a replacement serves, nothing else fails', async (t) => {
    const [victim = ''] = await instanceIds(platform)
    const running = await load()
    await settled(1000)
    const killedAt = Date.now()
    killTree(machinePid(platform, victim))
    const replaced = await until('a replacement serves', async () => {
      const { body } = await get(platform, '/who', site.dnsName)
      const who = JSON.parse(body) as { instanceId: string }
      const known = await instanceIds(platform)
      const isNew = !known.includes(victim) && known.length === 3
      return isNew && (await everyoneWho(platform, site, 3)).length === 3 && who.instanceId
    })
    assert.ok(replaced)
    t.diagnostic(`all three serve again ${Date.now() - killedAt} ms after the kill`)
    const result = await running.stop()
    const sentLate = result.records.filter(
      (one) =>
        one.instance === victim && one.at - one.milliseconds > killedAt + inFlightMilliseconds,
    )
    assert.deepEqual(sentLate, [], 'no request sent later than 100 ms was answered by it')
    const failedLater = result.failed.filter((one) => one.at > killedAt + inFlightMilliseconds)
    t.diagnostic(
      `${result.failed.length - failedLater.length} requests in flight at the kill failed, of ${result.records.length}`,
    )
    assert.deepEqual(failedLater, [])
  })

  it('the server: the site loses nothing, and the next up adopts everything', async () => {
    const before = await instanceIds(platform)
    const machines = before.map((id) => machinePid(platform, id))
    const running = await load()
    await settled(500)
    process.kill(platform.pid(), 'SIGKILL')
    await settled(1000)
    await platform.up()
    await settled(1500)
    const result = await running.stop()
    assert.deepEqual(result.failed, [])
    assert.deepEqual(await instanceIds(platform), before, 'nothing launched, nothing destroyed')
    assert.deepEqual(
      before.map((id) => machinePid(platform, id)),
      machines,
      'the same processes',
    )
  })

  it('the host process: the site loses nothing, and it is back', async () => {
    const before = await instanceIds(platform)
    const running = await load()
    await settled(500)
    const killed = pidOf(platform, 'host')
    process.kill(killed, 'SIGKILL')
    await until('another host process runs', () => {
      const now = pidOf(platform, 'host')
      return Promise.resolve(now !== killed && isAlive(now))
    })
    await settled(1500)
    const result = await running.stop()
    assert.deepEqual(result.failed, [])
    assert.deepEqual(await instanceIds(platform), before)
  })

  it('the edge: it is back within a second', async (t) => {
    const running = await load()
    await settled(500)
    const killedAt = Date.now()
    process.kill(pidOf(platform, 'edge'), 'SIGKILL')
    await until(
      'the site answers again',
      async () => (await get(platform, '/', site.dnsName)).status === 200,
    )
    const backAfter = Date.now() - killedAt
    t.diagnostic(`the site answers again after ${backAfter} ms`)
    await settled(1000)
    const result: LoadResult = await running.stop()
    assert.ok(backAfter < 1000, `back after ${backAfter} ms`)
    const failedLater = result.failed.filter((one) => one.at > killedAt + 1000)
    assert.deepEqual(failedLater, [])
  })

  it('the database: the site loses nothing, nothing acknowledged is lost, and it is back', async (t) => {
    const before = await instanceIds(platform)
    const running = await load()
    await platform.aws('s3', 'mb', 's3://kept-bucket')
    const killed = Number(
      (await readFile(`${platform.dataDirectory}/postgres/postmaster.pid`, 'utf8')).split('\n')[0],
    )
    const killedAt = Date.now()
    process.kill(killed, 'SIGKILL')
    await until('the API answers again', async () => {
      const { Buckets } = await platform.aws('s3api', 'list-buckets')
      return (Buckets as readonly { Name: string }[]).some(({ Name }) => Name === 'kept-bucket')
    })
    t.diagnostic(`the API answers again after ${Date.now() - killedAt} ms`)
    const result = await running.stop()
    assert.deepEqual(result.failed, [])
    assert.deepEqual(await instanceIds(platform), before)
  })

  it('the server in the middle of a deployment: it carries on to its end', async () => {
    const deploymentId = await deployFolder(platform, site, {
      folder: `${website}/v2`,
      key: 'v2.tgz',
    })
    await settled(2500)
    process.kill(platform.pid(), 'SIGKILL')
    await settled(500)
    await platform.up()
    assert.equal((await endedDeployment(platform, deploymentId)).status, 'Succeeded')
    const everyone = await everyoneWho(platform, site, 3)
    assert.deepEqual([...new Set(everyone.map((who) => who.version))], ['v2'])
  })
})
