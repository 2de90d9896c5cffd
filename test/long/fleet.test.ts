import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Fleet } from '../harness/fleet.ts'
import { get, startPlatform, until, type Platform } from '../harness/platform.ts'

const machines = 400
const targets = 200

describe('a fleet on one host', () => {
  let platform: Platform
  let fleet: Fleet
  let ids: readonly string[] = []

  before(async () => {
    platform = await startPlatform()
    fleet = new Fleet(platform)
    await fleet.open()
  })

  after(async () => {
    fleet.close()
    await platform.stop()
  })

  it('is 400 machines, each with an address of its own, that all ran their user data', async () => {
    const share = machines / 4
    ids = (await Promise.all([0, 1, 2, 3].map((n) => fleet.launch(n, share)))).flat()
    const running = await fleet.reached('running', machines)
    assert.equal(running.length, machines)
    assert.equal(new Set(running.map((each) => each.PrivateIpAddress)).size, machines)
    for (const id of ids) assert.ok((await fleet.userDataAt(id)) > 0)
  })

  it('serves behind one balancer from 200 of them, and every one answers', async () => {
    const chosen = ids.slice(0, targets)
    const { groupArn, dnsName } = await fleet.balance('fleet')
    await fleet.register(groupArn, chosen)
    await fleet.healthy(groupArn, targets)
    const names = new Set<string>()
    await until('every target has answered', async () => {
      for (let n = 0; n < 100; n++) names.add((await get(platform, '/', dnsName)).body)
      return names.size === targets
    })
    const gateways = readdirSync(join(platform.runDirectory, 'gateways'))
    assert.ok(gateways.length >= 3)
    await fleet.deregister(groupArn, chosen.slice(0, targets / 2))
    await until('half of them drain on every node', async () =>
      fleet.configurations(gateways).every(({ targetGroups: [group] }) => {
        const states = (group?.targets ?? []).map((target) => target.state)
        return states.filter((state) => state === 'active').length === targets / 2
      }),
    )
  })

  it('leaves no machine behind', async () => {
    await fleet.terminate(ids)
    const gone = await fleet.reached('terminated', machines)
    assert.equal(gone.length, machines)
    const folders = readdirSync(join(platform.dataDirectory, 'machines'))
    assert.deepEqual(
      folders.filter((name) => name.startsWith('i-')),
      [],
    )
  })
})
