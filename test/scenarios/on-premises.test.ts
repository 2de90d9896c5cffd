import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentGroupCommand,
  GetDeploymentTargetCommand,
  GetOnPremisesInstanceCommand,
} from '@aws-sdk/client-codedeploy'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { checkout, startPlatform, type Platform } from '../harness/platform.ts'

const appspec = `version: 0.0
os: linux
files:
  - source: page.html
    destination: /srv/shop
hooks:
  AfterInstall:
    - location: hooks/after.sh
`

/** A server of one's own: a folder as its root, and its agent, supervised, on loopback. */
class Rack {
  readonly root: string
  readonly configuration: string
  readonly #agent: ChildProcess

  constructor(folder: string) {
    this.root = join(folder, 'root')
    this.configuration = join(folder, 'conf')
    const program = join(checkout, 'src/cli/main.ts')
    const words = ['agent', 'run', '--config-dir', this.configuration, '--root', this.root]
    this.#agent = spawn(process.execPath, [program, ...words], { stdio: 'ignore' })
  }

  file(name: string): Promise<string> {
    return readFile(join(this.root, name), 'utf8')
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#agent.once('exit', resolve))
    this.#agent.kill('SIGTERM')
    await ended
  }
}

describe('a server of one’s own', () => {
  let platform: Platform
  let deploy: CodeDeployClient
  let folder: string
  let rack: Rack

  const ship = async (page: string, hook: string): Promise<{ id: string; output: string }> => {
    const revision = join(folder, page)
    await mkdir(join(revision, 'hooks'), { recursive: true })
    await writeFile(join(revision, 'appspec.yml'), appspec)
    await writeFile(join(revision, 'page.html'), page)
    await writeFile(join(revision, 'hooks/after.sh'), `#!/bin/sh\n${hook}\n`)
    await chmod(join(revision, 'hooks/after.sh'), 0o755)
    const output = await platform.evenkeel(
      ...['deploy', revision, '--application', 'shop', '--deployment-group', 'racks'],
      ...['--bucket', 'bundles'],
    )
    return { id: /d-[A-Z0-9]{9}/.exec(output)?.[0] ?? '', output }
  }

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    const options = { endpoint, credentials, region: 'us-east-1' }
    deploy = new CodeDeployClient(options)
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-rack-'))
    await platform.evenkeel(
      ...['agent', 'register', 'rack-1', '--tag', 'role=web'],
      ...['--config-dir', join(folder, 'conf')],
    )
    rack = new Rack(folder)
    await new S3Client({ ...options, forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: 'bundles' }),
    )
    await deploy.send(new CreateApplicationCommand({ applicationName: 'shop' }))
    await deploy.send(
      new CreateDeploymentGroupCommand({
        applicationName: 'shop',
        deploymentGroupName: 'racks',
        serviceRoleArn: 'arn:aws:iam::000000000000:role/deployer',
        onPremisesInstanceTagFilters: [{ Key: 'role', Value: 'web', Type: 'KEY_AND_VALUE' }],
      }),
    )
  })

  after(async () => {
    await rack?.stop()
    if (platform && existsSync(platform.dataDirectory)) await platform.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('is registered as a user of its own and gets a deployment', async () => {
    const { instanceInfo } = await deploy.send(
      new GetOnPremisesInstanceCommand({ instanceName: 'rack-1' }),
    )
    assert.match(instanceInfo?.iamUserArn ?? '', /:user\/AWS\/CodeDeploy\/rack-1$/)
    const { output } = await ship('v1', 'echo "after $DEPLOYMENT_GROUP_NAME"')
    assert.match(output, /rack-1 +Succeeded/)
    assert.equal(await rack.file('srv/shop/page.html'), 'v1')
  })

  it('recovers in seconds from a hook that kills its own agent', async () => {
    const kill =
      'kill -9 $(cat $EVENKEEL_ROOT/opt/codedeploy-agent/state/.pid/codedeploy-agent.pid)'
    const { id } = await ship(
      'v2',
      `echo before; ${kill}; sleep 0.2; echo once >>$EVENKEEL_ROOT/ran`,
    )
    const { deploymentTarget } = await deploy.send(
      new GetDeploymentTargetCommand({ deploymentId: id, targetId: 'rack-1' }),
    )
    const target = deploymentTarget?.instanceTarget
    assert.equal(target?.status, 'Succeeded')
    const event = target?.lifecycleEvents?.find((one) => one.lifecycleEventName === 'AfterInstall')
    const took = (event?.endTime?.getTime() ?? Infinity) - (event?.startTime?.getTime() ?? 0)
    assert.ok(took < 15_000, `it took ${took} ms`)
    assert.equal(await rack.file('ran'), 'once\n')
    assert.equal(await rack.file('srv/shop/page.html'), 'v2')
  })

  it('gets nothing any more once it is deregistered', async () => {
    await platform.evenkeel('agent', 'deregister', 'rack-1')
    await assert.rejects(ship('v3', 'true'), /NO_INSTANCES/)
    assert.equal(await rack.file('srv/shop/page.html'), 'v2')
  })
})
