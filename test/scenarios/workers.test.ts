import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AutoScalingClient, DescribeScalingActivitiesCommand } from '@aws-sdk/client-auto-scaling'
import { startPlatform, until, type Platform } from '../harness/platform.ts'
import { killTree, machinePid } from '../harness/processes.ts'
import { launchWorkers, type Workers } from '../harness/workers.ts'

const count = 1_200

describe('a queue whose depth launches machines', () => {
  let platform: Platform
  let workers: Workers

  before(async () => {
    platform = await startPlatform()
    workers = await launchWorkers(platform, {
      QuietPeriods: '1',
      MaxWorkers: '4',
      VisibilitySeconds: '10',
      WorkMilliseconds: '25',
    })
  })
  after(async () => {
    await workers?.stop()
    await platform?.stop()
  })

  it('works off a burst in three zones, and loses nothing with a worker and the server killed', async () => {
    await workers.burst(count)
    await until(
      'machines in three zones',
      async () => workers.samples.some(({ machines }) => Object.keys(machines).length === 3),
      60_000,
    )
    const [victim = ''] = await workers.machines()
    killTree(machinePid(platform, victim))
    process.kill(platform.pid(), 'SIGKILL')
    await platform.up()
    await until('every job is done', async () => workers.done.size === count, 90_000)
    assert.equal(await workers.deadCount(), 0)
  })

  it('shrinks to one machine when nothing is left, and says which alarm asked', async () => {
    await until('one machine', async () => (await workers.machines()).length === 1, 60_000)
    const { endpoint, credentials } = platform
    const scaling = new AutoScalingClient({ endpoint, credentials, region: 'us-east-1' })
    const { Activities = [] } = await scaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: workers.group }),
    )
    scaling.destroy()
    const causes = Activities.map(({ Cause = '' }) => Cause).join('\n')
    assert.match(causes, /monitor alarm workers-ManyWait-\w+ in state ALARM triggered policy/)
    assert.match(causes, /monitor alarm workers-NothingLeft-\w+ in state ALARM triggered policy/)
  })
})
