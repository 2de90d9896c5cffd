import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { startLoad } from '../harness/load.ts'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'
import {
  brokenRevision,
  createSite,
  deployFolder,
  endedDeployment,
  everyoneWho,
  serveFirstRevision,
  website,
  type Site,
} from '../harness/website.ts'

const eventsWithTraffic = [
  'BeforeBlockTraffic',
  'BlockTraffic',
  'AfterBlockTraffic',
  'ApplicationStop',
  'DownloadBundle',
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'ApplicationStart',
  'ValidateService',
  'BeforeAllowTraffic',
  'AllowTraffic',
  'AfterAllowTraffic',
]

interface Targets {
  readonly deploymentTargets: readonly {
    readonly instanceTarget: {
      readonly targetId: string
      readonly status: string
      readonly lifecycleEvents: readonly {
        readonly lifecycleEventName: string
        readonly status: string
        readonly startTime?: string
        readonly endTime?: string
        readonly diagnostics?: {
          readonly errorCode: string
          readonly scriptName: string
          readonly message: string
          readonly logTail: string
        }
      }[]
    }
  }[]
}

async function targetsOf(platform: Platform, deploymentId: string): Promise<Targets> {
  const listed = await platform.aws(
    'deploy',
    'list-deployment-targets',
    '--deployment-id',
    deploymentId,
  )
  const ids = listed['targetIds'] as string[]
  return (await platform.aws(
    ...['deploy', 'batch-get-deployment-targets', '--deployment-id', deploymentId],
    ...['--target-ids', ...ids],
  )) as unknown as Targets
}

const skip = await lacksAws()

describe('a website in three zones', { skip }, () => {
  let platform: Platform
  let site: Site
  before(async () => {
    platform = await startPlatform()
    site = await createSite(platform, 'shop')
  })
  after(async () => {
    await platform?.stop()
  })

  it('answers from three zones once v1 is deployed', async () => {
    const everyone = await serveFirstRevision(platform, site)
    assert.equal(new Set(everyone.map((who) => who.zone)).size, 3)
    assert.deepEqual([...new Set(everyone.map((who) => who.version))], ['v1'])
  })

  it('takes v2 one host at a time under load without failing a request', async () => {
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 200,
      host: site.dnsName,
    })
    const deploymentId = await deployFolder(platform, site, {
      folder: `${website}/v2`,
      key: 'v2.tgz',
    })
    const ended = await endedDeployment(platform, deploymentId)
    const result = await load.stop()
    assert.equal(ended.status, 'Succeeded')
    assert.ok(result.records.length > 200, 'the load must have run')
    assert.deepEqual(result.failed, [])
    const { deploymentTargets } = await targetsOf(platform, deploymentId)
    assert.equal(deploymentTargets.length, 3)
    for (const { instanceTarget } of deploymentTargets) {
      const names = instanceTarget.lifecycleEvents.map((event) => event.lifecycleEventName)
      assert.deepEqual(names, eventsWithTraffic)
      let last = 0
      for (const event of instanceTarget.lifecycleEvents) {
        assert.equal(event.status, 'Succeeded')
        const begun = Date.parse(event.startTime ?? '')
        const done = Date.parse(event.endTime ?? '')
        assert.ok(last <= begun && begun <= done, `${event.lifecycleEventName} in order`)
        last = done
      }
    }
    const everyone = await everyoneWho(platform, site, 3)
    assert.deepEqual([...new Set(everyone.map((who) => who.version))], ['v2'])
  })

  it('rolls a revision back whose validation fails, and says which script said what', async () => {
    const folder = await brokenRevision()
    const load = await startLoad({
      url: `http://127.0.0.1:${platform.sitePort}/`,
      ratePerSecond: 200,
      host: site.dnsName,
    })
    try {
      const deploymentId = await deployFolder(platform, site, { folder, key: 'v3.tgz' })
      const ended = await endedDeployment(platform, deploymentId)
      assert.equal(ended.status, 'Failed')
      assert.equal(ended.errorInformation?.code, 'HEALTH_CONSTRAINTS')
      const { deploymentTargets } = await targetsOf(platform, deploymentId)
      const failed = deploymentTargets
        .flatMap(({ instanceTarget }) => instanceTarget.lifecycleEvents)
        .filter((event) => event.status === 'Failed')
      assert.equal(failed.length, 1)
      assert.equal(failed[0]?.lifecycleEventName, 'ValidateService')
      assert.equal(failed[0]?.diagnostics?.errorCode, 'ScriptFailed')
      assert.match(failed[0]?.diagnostics?.scriptName ?? '', /validate\.sh/)
      assert.match(failed[0]?.diagnostics?.message ?? '', /exit code 1/)
      assert.match(failed[0]?.diagnostics?.logTail ?? '', /the window is broken/)
      const rollbackId = await until('a rollback begins', async () => {
        const view = await endedDeployment(platform, deploymentId)
        return view.rollbackInfo?.rollbackDeploymentId
      })
      assert.equal((await endedDeployment(platform, rollbackId)).status, 'Succeeded')
    } finally {
      const result = await load.stop()
      await rm(folder, { recursive: true, force: true })
      assert.deepEqual(result.failed, [])
    }
    const everyone = await everyoneWho(platform, site, 3)
    assert.deepEqual([...new Set(everyone.map((who) => who.version))], ['v2'])
  })
})
