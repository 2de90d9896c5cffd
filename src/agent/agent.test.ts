import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { silentLog } from '../kernel/ports.ts'
import { commandsEndpoint } from '../testing/commands-endpoint.ts'
import { deployScope, deployWorld } from '../testing/deploy-world.ts'
import { folderMachines } from '../testing/folder-machines.ts'
import { runAgent } from './agent.ts'
import { commandsClient } from './commands-client.ts'

const appspec = `
version: 0.0
os: linux
files:
  - source: /
    destination: /srv/site
permissions:
  - object: /srv/site
    mode: 640
    type: [file]
    except: ['*.sh']
hooks:
  ApplicationStop:
    - location: hooks/stop.sh
  BeforeInstall:
    - location: hooks/before.sh
      timeout: 20
  ValidateService:
    - location: hooks/validate.sh
`

/** Its hooks alone. */
const appspecOfNothing = appspec.replace(/files:[^]*hooks:/, 'hooks:')

type Files = Readonly<Record<string, string>>

function siteOf(version: string, change: Files = {}): Files {
  return {
    'appspec.yml': appspec,
    [`${version}.txt`]: version,
    'hooks/stop.sh': `#!/bin/sh\necho "stop of ${version}" >>"$EVENKEEL_ROOT/ran"\n`,
    'hooks/before.sh': '#!/bin/sh\necho before\n',
    'hooks/validate.sh': `#!/bin/sh
echo "$LIFECYCLE_EVENT $APPLICATION_NAME $BUNDLE_KEY" >>"$EVENKEEL_ROOT/ran"
`,
    ...change,
  }
}

async function stage(context: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'ek-deploy-agent-'))
  const root = join(directory, 'machine')
  mkdirSync(root)
  const world = await deployWorld({ hosts: 1 })
  world.answers.set('i-1', undefined)
  const endpoint = await commandsEndpoint(world)
  const machines = folderMachines(new Map([['i-1', root]]))
  let agent = startAgent()
  context.after(async () => {
    await agent.stop()
    await endpoint.close()
    rmSync(directory, { recursive: true, force: true })
  })

  function startAgent(): { stop(): Promise<void> } {
    const ended = new AbortController()
    const place = {
      url: endpoint.url,
      region: 'us-east-1',
      credentials: async (account: string) => ({ accessKeyId: account, secretAccessKey: 'x' }),
    }
    const running = runAgent(
      {
        inside: {
          compute: machines,
          node: process.execPath,
          program: fileURLToPath(new URL('./inside/main.ts', import.meta.url)),
          cache: join(directory, 'cache'),
          sessions: new Map(),
        },
        endpoint: place,
        gitHubUrl: `${endpoint.url}/github`,
        directory,
        known: new Map(),
        commands: commandsClient(place, deployScope.account),
        log: silentLog,
      },
      ended.signal,
    )
    return {
      async stop() {
        ended.abort()
        await running
      },
    }
  }

  const bundle = (key: string, files: Files): void => {
    const folder = mkdtempSync(join(directory, 'bundle-'))
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
      if (name.endsWith('.sh')) chmodSync(join(folder, name), 0o644)
    }
    endpoint.bundles.set(key, execFileSync('tar', ['-cz', '-C', folder, '.']))
    world.appspecs.set(key, files['appspec.yml'] ?? '')
  }

  return {
    world,
    root,
    endpoint,
    machines,
    bundle,
    path: (name: string) => join(root, name),
    async restartAgent() {
      await agent.stop()
      agent = startAgent()
    },
    begin: (key: string) =>
      world.begin({ revision: { bucket: 'b', key, bundleType: 'tgz' }, creator: 'user' }),
    async until(isDone: () => boolean | Promise<boolean>) {
      for (let round = 0; round < 1000; round++) {
        if (await isDone()) return
        await world.run(1)
        await sleep(15)
      }
      throw new Error('it did not happen')
    },
    async finish() {
      await this.until(() => world.isIdle())
    },
  }
}

test('a revision is installed, replaced and its hooks run, inside the machine', async (context) => {
  const on = await stage(context)
  on.bundle('v1.tgz', siteOf('v1'))
  const first = await on.begin('v1.tgz')
  await on.finish()
  const [target] = await on.world.targetsOf(first)
  assert.equal(target?.status, 'Succeeded', JSON.stringify(target))
  assert.equal(readFileSync(on.path('srv/site/v1.txt'), 'utf8'), 'v1')
  assert.equal(statSync(on.path('srv/site/v1.txt')).mode & 0o777, 0o640)
  assert.equal(statSync(on.path('srv/site/hooks/stop.sh')).mode & 0o777, 0o644)
  assert.equal(readFileSync(on.path('ran'), 'utf8'), 'ValidateService app v1.tgz\n')
  on.bundle('v2.tgz', siteOf('v2'))
  await on.begin('v2.tgz')
  await on.finish()
  assert.ok(!existsSync(on.path('srv/site/v1.txt')), 'what v1 installed is gone')
  assert.equal(readFileSync(on.path('srv/site/v2.txt'), 'utf8'), 'v2')
  assert.match(readFileSync(on.path('ran'), 'utf8'), /stop of v1\nValidateService app v2.tgz\n$/)
  const logs = await on.world.deploy.logs(deployScope, first)
  const before = logs.find((log) => log.id.endsWith('/BeforeInstall'))
  const expected = 'LifecycleEvent - BeforeInstall\nScript - hooks/before.sh\n[stdout]before\n'
  assert.equal(before?.text, expected)
  const group = on.path(`opt/codedeploy-agent/deployment-root/${on.world.group.deploymentGroupId}`)
  assert.equal(readdirSync(group).length, 2)
  assert.match(readFileSync(join(group, first, 'logs/scripts.log'), 'utf8'), /\[stdout\]before/)
})

test('a restart runs the hooks of the last good revision, without a download', async (context) => {
  const on = await stage(context)
  on.bundle('v1.tgz', siteOf('v1'))
  const first = await on.begin('v1.tgz')
  await on.finish()
  const restart = async (): Promise<string> => {
    const id = await on.world.begin({
      revision: { bucket: 'b', key: 'v1.tgz', bundleType: 'tgz' },
      restartOf: { deploymentId: first, appspecFileName: 'appspec.yml' },
    })
    await on.finish()
    assert.equal((await on.world.deployment(id)).status, 'Succeeded')
    return (await on.world.deploy.logs(deployScope, id)).map((log) => log.text).join('')
  }
  const bundles = new Map(on.endpoint.bundles)
  on.endpoint.bundles.clear()
  assert.match(await restart(), /Taken from the archive/)
  assert.match(readFileSync(on.path('ran'), 'utf8'), /v1.tgz\nstop of v1\nValidateService/)
  assert.equal(readFileSync(on.path('srv/site/v1.txt'), 'utf8'), 'v1')
  const root = on.path(`opt/codedeploy-agent/deployment-root/${on.world.group.deploymentGroupId}`)
  rmSync(join(root, first), { recursive: true })
  for (const [key, bundle] of bundles) on.endpoint.bundles.set(key, bundle)
  assert.match(await restart(), /not on this machine any more: it is downloaded/)
})

test('a failed script is named with its exit code and last lines', async (context) => {
  const on = await stage(context)
  const validate = '#!/bin/sh\necho "asking"\necho "no answer" >&2\nexit 3\n'
  on.bundle('v1.tgz', siteOf('v1', { 'hooks/validate.sh': validate }))
  const id = await on.begin('v1.tgz')
  await on.finish()
  const [target] = await on.world.targetsOf(id)
  const failed = target?.events.find((event) => event.status === 'Failed')
  const { diagnostics } = failed ?? {}
  assert.equal(diagnostics?.errorCode, 'ScriptFailed')
  assert.equal(diagnostics?.scriptName, 'hooks/validate.sh')
  assert.match(diagnostics?.message ?? '', /hooks\/validate.sh failed with exit code 3/)
  assert.match(diagnostics?.logTail ?? '', /\[stdout\]asking\n/)
  assert.match(diagnostics?.logTail ?? '', /\[stderr\]no answer\n/)
})

test('a missing script, one that takes too long, and a file that is in the way each say so', async (context) => {
  const on = await stage(context)
  const messageOf = async (key: string, files: Files): Promise<string> => {
    on.bundle(key, files)
    const id = await on.begin(key)
    await on.finish()
    const [target] = await on.world.targetsOf(id)
    const event = target?.events.find((event) => event.status === 'Failed')
    return `${event?.name} ${event?.diagnostics?.errorCode} ${event?.diagnostics?.message}`
  }
  const missing = siteOf('v1', { 'appspec.yml': appspec.replace('before.sh', 'none.sh') })
  assert.match(await messageOf('a.tgz', missing), /BeforeInstall ScriptMissing .*none.sh/)
  const slow = siteOf('v1', {
    'appspec.yml': appspec.replace('timeout: 20', 'timeout: 0.3'),
    'hooks/before.sh': '#!/bin/sh\nsleep 30\n',
  })
  assert.match(await messageOf('b.tgz', slow), /ScriptTimedOut .*complete in 0.3 seconds/)
  mkdirSync(on.path('srv/site'), { recursive: true })
  writeFileSync(on.path('srv/site/v1.txt'), 'mine')
  const taken = await messageOf('c.tgz', siteOf('v1'))
  assert.match(taken, /Install UnknownError .*already exists at this location: .*v1.txt/)
})

test('an interpreter that is missing, and line ends of Windows, are told in words', async (context) => {
  const on = await stage(context)
  const messageOf = async (key: string, script: string): Promise<string> => {
    on.bundle(key, siteOf('v1', { 'hooks/before.sh': script }))
    const id = await on.begin(key)
    await on.finish()
    const [target] = await on.world.targetsOf(id)
    const event = target?.events.find((event) => event.status === 'Failed')
    return `${event?.name} ${event?.diagnostics?.errorCode} ${event?.diagnostics?.message}`
  }
  assert.match(
    await messageOf('a.tgz', '#!/usr/bin/no-such-shell -e\necho\n'),
    /BeforeInstall ScriptFailed .*first line names \/usr\/bin\/no-such-shell, which is not on this/,
  )
  assert.match(
    await messageOf('b.tgz', '#!/bin/sh\r\necho\r\n'),
    /BeforeInstall ScriptFailed .*its lines end as on Windows/,
  )
})

test('five revisions of a group stay in the machine, the newest among them', async (context) => {
  const on = await stage(context)
  const ids: string[] = []
  for (let n = 1; n <= 7; n++) {
    const breaks = n > 1 && { 'hooks/validate.sh': '#!/bin/sh\nexit 1\n' }
    on.bundle(`v${n}.tgz`, siteOf(`v${n}`, { 'appspec.yml': appspecOfNothing, ...breaks }))
    ids.push(await on.begin(`v${n}.tgz`))
    await on.finish()
  }
  const revisions = readdirSync(on.root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/deployment-archive'))
    .map((path) => path.split('/').at(-2))
  assert.equal(revisions.length, 5)
  assert.ok(revisions.includes(ids[6]))
})

test('a background process that keeps its output open holds nobody up', async (context) => {
  const on = await stage(context)
  const daemon = '#!/bin/sh\nsleep 5 &\necho started\n'
  on.bundle('v1.tgz', siteOf('v1', { 'hooks/before.sh': daemon }))
  const start = Date.now()
  const id = await on.begin('v1.tgz')
  await on.finish()
  assert.equal((await on.world.deployment(id)).status, 'Succeeded')
  assert.ok(Date.now() - start < 4500)
})

test('an agent that dies while a hook runs finds it again, and runs it once', async (context) => {
  const on = await stage(context)
  const slow = '#!/bin/sh\necho once >>"$EVENKEEL_ROOT/ran"\nsleep 0.7\necho done\n'
  on.bundle('v1.tgz', siteOf('v1', { 'hooks/before.sh': slow }))
  const id = await on.begin('v1.tgz')
  await on.until(() => existsSync(on.path('ran')))
  await on.restartAgent()
  await on.finish()
  assert.equal((await on.world.deployment(id)).status, 'Succeeded')
  assert.equal(readFileSync(on.path('ran'), 'utf8').match(/once/g)?.length, 1)
  const logs = await on.world.deploy.logs(deployScope, id)
  const before = logs.find((log) => log.id.endsWith('/BeforeInstall'))
  assert.match(before?.text ?? '', /\[stdout\]done\n$/)
})

test('a bundle that climbs out of its folder never reaches the machine', async (context) => {
  const on = await stage(context)
  on.bundle('v1.tgz', siteOf('v1'))
  const tar = execFileSync('tar', [
    '-cz',
    '-P',
    '--transform',
    's,^,../,',
    '-C',
    '/etc',
    'hostname',
  ])
  on.endpoint.bundles.set('v1.tgz', tar)
  const id = await on.begin('v1.tgz')
  await on.finish()
  const [target] = await on.world.targetsOf(id)
  const event = target?.events.find((event) => event.status === 'Failed')
  assert.equal(event?.name, 'DownloadBundle')
  assert.match(event?.diagnostics?.message ?? '', /climbs out of the bundle's folder/)
})
