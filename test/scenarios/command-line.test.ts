import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { get, output, startPlatform, type Platform } from '../harness/platform.ts'
import { brokenRevision, website } from '../harness/website.ts'
import { rm } from 'node:fs/promises'

/** The product through its own commands, with nothing else installed. */
describe('the evenkeel commands', () => {
  let platform: Platform
  before(async () => {
    platform = await startPlatform()
  })
  after(async () => {
    await platform?.stop()
  })

  it('env prints export lines that name this endpoint', async () => {
    const text = await platform.evenkeel('env')
    assert.match(text, new RegExp(`^export AWS_ENDPOINT_URL=${platform.endpoint}$`, 'm'))
    for (const name of ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'REGION', 'DEFAULT_REGION']) {
      assert.match(text, new RegExp(`^export AWS_${name}=\\S+$`, 'm'))
    }
  })

  it('launch follows a stack to its end and prints its outputs', async () => {
    const text = await platform.evenkeel(
      ...[
        'launch',
        `${website}/template.yaml`,
        '--stack-name',
        'shop',
        '--parameter',
        'Capacity=2',
      ],
    )
    assert.match(text, /stack shop is complete/)
    assert.match(text, /DNSName = \S+\.elb\.localhost/)
  })

  it('launch fails with the reason of what failed', async () => {
    await assert.rejects(
      platform.evenkeel('launch', `${website}/template.yaml`, '--stack-name', 'shop'),
      /AlreadyExistsException/,
    )
    await assert.rejects(
      platform.evenkeel(
        ...['launch', `${website}/template.yaml`, '--stack-name', 'other'],
        ...['--parameter', 'Capacity=99'],
      ),
      /ValidationError.*Capacity/s,
    )
  })

  it('deploy ships a folder and shows each host', async () => {
    const text = await platform.evenkeel('deploy', `${website}/v1`, '--stack-name', 'shop')
    assert.equal(text.match(/i-[0-9a-f]{17}\s+Succeeded/g)?.length, 2)
    assert.equal((await get(platform, '/')).status, 200)
  })

  it('deploy of a revision that fails says which script said what, and exits 1', async () => {
    const folder = await brokenRevision()
    try {
      await assert.rejects(
        platform.evenkeel('deploy', folder, '--stack-name', 'shop'),
        (thrown: Error) => {
          assert.match(thrown.message, /ValidateService scripts\/validate\.sh/)
          assert.match(thrown.message, /the window is broken/)
          assert.match(thrown.message, /rolled back by d-[A-Z0-9]{9}/)
          return true
        },
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('status shows the stack, its targets and instances, also as JSON', async () => {
    const text = await platform.evenkeel('status')
    assert.match(text, /shop\s+CREATE_COMPLETE/)
    const status = JSON.parse(await platform.evenkeel('status', '--json')) as {
      instances: readonly { id: string; state: string }[]
      sites: readonly { targets: readonly { state: string }[] }[]
      deployments: readonly { id: string; status: string }[]
    }
    assert.equal(status.instances.filter((one) => one.state === 'running').length, 2)
    const [newest] = status.deployments
    assert.ok(newest)
    const logs = await platform.evenkeel('logs', newest.id)
    assert.match(logs, /ValidateService/)
  })

  it('exec passes output, input and the exit code', async () => {
    const status = JSON.parse(await platform.evenkeel('status', '--json')) as {
      instances: readonly { id: string }[]
    }
    const id = status.instances[0]?.id ?? ''
    assert.equal(await platform.evenkeel('exec', id, '--', 'echo', 'hello'), 'hello\n')
    await assert.rejects(platform.evenkeel('exec', id, '--', 'sh', '-c', 'exit 7'), { code: 7 })
    await assert.rejects(platform.evenkeel('exec', 'i-0', '--', 'true'), /no machine i-0/)
  })

  it('forward leads a port of this host into a machine', async () => {
    const status = JSON.parse(await platform.evenkeel('status', '--json')) as {
      instances: readonly { id: string }[]
    }
    const id = status.instances[0]?.id ?? ''
    const words = ['forward', `${id}:80`, '--json', '--data-dir', platform.dataDirectory]
    const program = spawn(process.execPath, ['src/cli/main.ts', ...words], { stdio: 'pipe' })
    try {
      const [line] = (await once(program.stdout, 'data')) as [Buffer]
      const { port } = JSON.parse(line.toString()) as { port: number }
      const url = `http://127.0.0.1:${port}/who`
      for (let n = 0; n < 2; n++) assert.match(await (await fetch(url)).text(), new RegExp(id))
    } finally {
      program.kill('SIGTERM')
    }
    const [exitCode] = (await once(program, 'exit')) as [number]
    assert.equal(exitCode, 0)
    await assert.rejects(
      platform.evenkeel('forward', 'i-0123456789abcdef0:80'),
      /InvalidInstanceID.NotFound/,
    )
    await assert.rejects(platform.evenkeel('forward', `${id}:99999`), { code: 2 })
  })

  it('a mistake in the call exits 2 and names it', async () => {
    await assert.rejects(platform.evenkeel('launch'), { code: 2 })
    await assert.rejects(platform.evenkeel('nonsense'), { code: 2 })
    await assert.rejects(platform.evenkeel('deploy', '/nowhere'), /no appspec\.yml/)
  })

  it('doctor tells what this machine can do', async () => {
    const probe = await output(process.execPath, ['src/cli/main.ts', 'doctor', '--json']).catch(
      (thrown: unknown) => (thrown as { stdout?: string }).stdout ?? '',
    )
    const told = JSON.parse(probe) as { driver: string; lacks: readonly string[] }
    assert.ok(['namespaces', 'process'].includes(told.driver))
  })
})
