import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { leftBehind, machineState } from '../harness/machine-state.ts'
import { get, lacksAws, startPlatform, type Platform } from '../harness/platform.ts'
import {
  beginSite,
  createSite,
  everyoneWho,
  serveFirstRevision,
  type Site,
} from '../harness/website.ts'

const skip = await lacksAws()

async function serve(platform: Platform, site: Site): Promise<readonly string[]> {
  return (await serveFirstRevision(platform, site)).map((who) => who.instanceId).toSorted()
}

describe('an installation', { skip }, () => {
  it('runs two stacks on the same addresses side by side, and down leaves nothing', async () => {
    const before = await machineState([])
    const platform = await startPlatform()
    const marks = [platform.dataDirectory, platform.runDirectory]
    try {
      const [shop, forum] = await Promise.all([
        createSite(platform, 'shop'),
        createSite(platform, 'forum'),
      ])
      const [shopInstances, forumInstances] = await Promise.all([
        serve(platform, shop),
        serve(platform, forum),
      ])
      assert.equal(new Set([...shopInstances, ...forumInstances]).size, 6)
      const vpcs = (await platform.aws('ec2', 'describe-vpcs')) as unknown as {
        Vpcs: readonly { CidrBlock: string }[]
      }
      const overlapping = vpcs.Vpcs.filter((vpc) => vpc.CidrBlock === '10.0.0.0/16')
      assert.equal(overlapping.length, 2)
      assert.equal((await get(platform, '/', 'nobody.example')).status, 404)
    } finally {
      await platform.stop()
    }
    assert.deepEqual(leftBehind(before, await machineState(marks)), {})
    assert.ok(!existsSync(platform.dataDirectory))
    assert.ok(!existsSync(platform.runDirectory))
  })

  it('starts the same instances again after down and up', async () => {
    const platform = await startPlatform()
    try {
      const site = await createSite(platform, 'shop')
      const instances = await serve(platform, site)
      await platform.stop({ keep: true })
      await platform.up()
      const again = (await everyoneWho(platform, site, 3)).map((who) => who.instanceId).toSorted()
      assert.deepEqual(again, instances)
    } finally {
      await platform.stop()
    }
  })

  it('start goes on with a site that an earlier one left half-made', async () => {
    const platform = await startPlatform()
    try {
      await beginSite(platform, 'website')
      await platform.stop({ keep: true })
      const ports = ['--port', `${platform.port}`, '--site-port', `${platform.sitePort}`]
      const told = await platform.evenkeel('start', '--detach', ...ports)
      assert.match(told, /The website is up/)
      assert.equal((await get(platform, '/')).status, 200)
    } finally {
      await platform.stop()
    }
  })

  it('without authentication, reset removes everything and keeps the keys', async () => {
    const platform = await startPlatform('--auth', 'off')
    try {
      await platform.aws('s3', 'mb', 's3://some-bucket')
      await platform.aws('ec2', 'run-instances', '--image-id', 'ami-12345678', '--count', '2')
      const before = await platform.aws('ec2', 'describe-instances')
      assert.equal((before['Reservations'] as readonly unknown[]).length, 1)
      const answer = await fetch(`${platform.endpoint}/_evenkeel/reset`, { method: 'POST' })
      assert.equal(answer.status, 200)
      const after = await platform.aws('ec2', 'describe-instances')
      assert.deepEqual(after['Reservations'], [])
      const buckets = await platform.aws('s3api', 'list-buckets')
      assert.deepEqual(buckets['Buckets'], [])
      const identity = await platform.aws('sts', 'get-caller-identity')
      assert.equal(identity['Account'], '000000000000')
      await platform.aws('ec2', 'run-instances', '--image-id', 'ami-12345678')
    } finally {
      await platform.stop()
    }
  })

  it('with authentication there is no reset', async () => {
    const platform = await startPlatform()
    try {
      const answer = await fetch(`${platform.endpoint}/_evenkeel/reset`, { method: 'POST' })
      assert.equal(answer.status, 404)
    } finally {
      await platform.stop()
    }
  })
})
