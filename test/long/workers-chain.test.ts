import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { CloudWatchClient, DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { drawRun, writePng, type Moment } from '../harness/draw-run.ts'
import { startPlatform, until, type Platform } from '../harness/platform.ts'
import { killTree, machinePid, pidOf } from '../harness/processes.ts'
import { launchWorkers, type Workers } from '../harness/workers.ts'

const count = Number(process.env['EVENKEEL_CHAIN_MESSAGES'] ?? 50_000)
const seed = Number(process.env['EVENKEEL_CHAIN_SEED'] ?? 5)
/** Where the picture goes: `workers-chain.svg` and, with a Chromium here, `.png`. */
const pictures = process.env['EVENKEEL_CHAIN_PICTURES'] ?? tmpdir()
const killEveryMilliseconds = 8_000

describe('the chain: a burst, an alarm, a policy, machines in three zones', () => {
  let platform: Platform
  let workers: Workers
  const kills: Moment[] = []

  before(async () => {
    platform = await startPlatform()
    workers = await launchWorkers(platform)
  })
  after(async () => {
    await workers?.stop()
    await platform?.stop()
  })

  const now = (): number => workers.samples.at(-1)?.seconds ?? 0

  async function killSomething(roll: number): Promise<void> {
    const told = (label: string): void => void kills.push({ seconds: now(), label })
    if (roll < 0.5) {
      const staff = await workers.machines()
      const victim = staff[Math.floor((roll / 0.5) * staff.length)]
      if (victim === undefined) return
      told('machine')
      killTree(machinePid(platform, victim))
    } else if (roll < 0.75) {
      told('server')
      process.kill(platform.pid(), 'SIGKILL')
      await platform.up()
    } else {
      const name = roll < 0.9 ? 'host' : 'edge'
      told(name)
      process.kill(pidOf(platform, name), 'SIGKILL')
    }
  }

  it('loses no message while workers and the control plane are killed at random', async (t) => {
    const random = seededRandom(seed)
    let isOver = false
    const sent = workers.burst(count)
    const killing = (async () => {
      while (!isOver) {
        await new Promise((resolve) => setTimeout(resolve, killEveryMilliseconds))
        // What is dying already cannot be killed: the next one.
        if (!isOver) await killSomething(random.below(1000) / 1000).catch(() => undefined)
      }
    })()
    try {
      await sent
      t.diagnostic(`${count} messages are acknowledged after ${now().toFixed(1)} s`)
      await until('every message was worked on', async () => workers.done.size === count, 900_000)
    } finally {
      isOver = true
      await killing
    }
    t.diagnostic(`all were worked on after ${now().toFixed(1)} s, with ${kills.length} kills`)
    const twice = [...workers.done.values()].filter((times) => times > 1).length
    t.diagnostic(`${twice} were worked on more than once`)
    assert.ok(kills.length > 2)
    assert.equal(await workers.deadCount(), 0)
  })

  it('had machines in three zones, by alarm and policy', async (t) => {
    const peak = Math.max(...workers.samples.map(({ desired }) => desired))
    t.diagnostic(`at most ${peak} machines`)
    assert.ok(workers.samples.some(({ machines }) => Object.keys(machines).length === 3))
    assert.ok(peak >= 4)
    const { endpoint, credentials } = platform
    const metrics = new CloudWatchClient({ endpoint, credentials, region: 'us-east-1' })
    const { AlarmHistoryItems = [] } = await metrics.send(
      new DescribeAlarmHistoryCommand({ HistoryItemType: 'Action', MaxRecords: 100 }),
    )
    metrics.destroy()
    const asked = AlarmHistoryItems.filter(({ AlarmName = '' }) => AlarmName.includes('ManyWait'))
    assert.ok(asked.some((item) => item.HistorySummary?.startsWith('Successfully executed')))
  })

  it('shrinks to the smallest size, and the picture shows it all', async (t) => {
    await until('one machine', async () => (await workers.machines()).length === 1, 180_000)
    await until('a sample shows it', async () => workers.samples.at(-1)?.desired === 1)
    const svg = drawRun(workers.samples, kills)
    const path = join(pictures, 'workers-chain')
    await writeFile(`${path}.svg`, svg)
    const isPng = await writePng(svg, `${path}.png`)
    t.diagnostic(`the picture: ${path}.${isPng ? 'png' : 'svg (no Chromium here)'}`)
  })
})
