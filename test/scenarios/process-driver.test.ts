import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { machineState } from '../harness/machine-state.ts'
import { get, startPlatform, until, type Platform } from '../harness/platform.ts'
import { killTree, machinePid } from '../harness/processes.ts'
import { website, type Who } from '../harness/website.ts'

interface Status {
  readonly driver: string
  readonly lacks: readonly string[]
  readonly instances: readonly { readonly id: string; readonly state: string }[]
  readonly sites: readonly {
    readonly targets: readonly { readonly id: string; readonly state: string }[]
  }[]
}

/** Answers of one instance each, once `count` of them have answered in `version`. */
async function everyone(
  platform: Platform,
  count: number,
  version: string,
): Promise<readonly Who[]> {
  const seen = new Map<string, Who>()
  await until(`${count} instances answer with ${version}`, async () => {
    const answer = await get(platform, '/who')
    if (answer.status !== 200) return false
    const who = JSON.parse(answer.body) as Who
    if (who.version === version) seen.set(who.instanceId, who)
    return seen.size >= count
  })
  return [...seen.values()]
}

function idsOf(everybody: readonly Who[]): readonly string[] {
  return everybody.map((who) => who.instanceId).toSorted()
}

describe('the website without namespaces', () => {
  let platform: Platform
  const status = async (): Promise<Status> =>
    JSON.parse(await platform.evenkeel('status', '--json')) as Status
  before(async () => {
    platform = await startPlatform('--driver', 'process')
  })
  after(async () => {
    if (platform && existsSync(platform.dataDirectory)) await platform.stop()
  })

  it('says what it cannot protect, and for which driver', async () => {
    const { driver, lacks } = await status()
    assert.equal(driver, 'process')
    assert.ok(lacks.some((lack) => /security groups.* protect nothing/.test(lack)))
    assert.ok(!lacks.some((lack) => lack.includes('control group')))
  })

  it('answers from three zones with v1, then with v2', async () => {
    await platform.evenkeel('launch', `${website}/template.yaml`, '--stack-name', 'website')
    for (const version of ['v1', 'v2']) {
      await platform.evenkeel('deploy', `${website}/${version}`)
      const zones = (await everyone(platform, 3, version)).map((who) => who.zone)
      assert.equal(new Set(zones).size, 3)
    }
  })

  it('replaces an instance that was killed', async () => {
    const [victim = '', ...others] = idsOf(await everyone(platform, 3, 'v2'))
    killTree(machinePid(platform, victim))
    await until('the victim is out of service', async () => {
      const targets = (await status()).sites.flatMap((site) => site.targets)
      return !targets.some((target) => target.id === victim && target.state === 'healthy')
    })
    const after = await until('three are healthy again', async () => {
      const targets = (await status()).sites.flatMap((site) => site.targets)
      const healthy = targets.filter((target) => target.state === 'healthy')
      return healthy.length === 3 && idsOf(await everyone(platform, 3, 'v2'))
    })
    assert.ok(!after.includes(victim))
    assert.ok(others.every((id) => after.includes(id)))
  })

  it('starts the same instances on their trees after down and up', async () => {
    const before = idsOf(await everyone(platform, 3, 'v2'))
    await platform.stop({ keep: true })
    await platform.up()
    assert.deepEqual(idsOf(await everyone(platform, 3, 'v2')), before)
  })

  it('leaves nothing after down', async () => {
    const marks = [platform.dataDirectory, platform.runDirectory]
    await platform.stop()
    const { processes, sockets } = await machineState(marks)
    assert.deepEqual({ processes, sockets }, { processes: [], sockets: [] })
    assert.ok(!existsSync(platform.dataDirectory))
    assert.ok(!existsSync(platform.runDirectory))
  })
})
