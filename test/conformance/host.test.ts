import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { homedir, networkInterfaces } from 'node:os'
import { enterHolder, probeDriver, readHolder } from '../../src/drivers/namespaces/index.ts'
import { networkNamespacePath } from '../../src/drivers/namespaces/paths.ts'
import { computeConformance } from '../../src/testing/conformance/compute.ts'
import { isolationConformance } from '../../src/testing/conformance/compute-isolation.ts'
import { networkConformance } from '../../src/testing/conformance/network.ts'
import {
  allowAll,
  faceOf,
  machineOf,
  networkOf,
  shell,
  until,
} from '../../src/testing/conformance/host-world.ts'
import type { MachineStatus } from '../../src/protocol/machine.ts'
import { openHostFixture, tracesOf, type HostFixture } from './host-fixture.ts'

const probe = await probeDriver()
const skip = probe.driver === 'namespaces' ? false : probe.lacks.join('; ')
/** Root's own home has the same name inside a machine; that it is empty there is tried apart. */
const hostHome = homedir() === '/root' ? '/root/.npm' : homedir()
const name = `namespaces (${probe.userMap ?? 'none'})`

if (skip !== false) test(`${name}: the host`, { skip }, () => undefined)
else {
  let fixture: HostFixture | undefined
  const open = async (): Promise<HostFixture> => {
    assert.ok(fixture)
    return fixture
  }
  before(async () => {
    fixture = await openHostFixture('namespaces')
  })
  after(async () => {
    if (!fixture) return
    await fixture.close()
    await until('all is gone', () => tracesOf(fixture!, ['vpc-public', 'vpc-compute']) === '')
    assert.equal(existsSync(fixture.runDirectory), false)
  })

  computeConformance(name, open)
  isolationConformance(name, open, () => ({
    hidden: [fixture?.dataDirectory ?? '', fixture?.runDirectory ?? '', process.cwd(), hostHome],
  }))
  networkConformance(name, open)

  /** Its interface is known, and its network is not there yet. */
  const launchEarly = async (
    id: string,
    networkId: string,
  ): Promise<{ launching: Promise<MachineStatus> }> => {
    const { client, dataDirectory } = await open()
    await client.apply(networkOf(networkId, []))
    const face = { subnetId: 'subnet-a', address: '10.0.1.9', macAddress: '02:00:00:00:00:09' }
    const script = '#!/bin/sh\nip -4 -o addr show eth0\n'
    const launching = client.launch({ ...machineOf(id, networkId, script), face })
    launching.catch(() => undefined)
    await until('it is being made', () => existsSync(`${dataDirectory}/machines/${id}/pid`))
    return { launching }
  }

  const showsItsAddress = async (id: string): Promise<void> => {
    const { client } = await open()
    await until('user data sees the link', async () =>
      (await client.console(id, 4000)).toString().includes('inet 10.0.1.9/24'),
    )
  }

  test(`${name}: a machine is made while its network is on its way, and runs once it is there`, async () => {
    const { client } = await open()
    const { launching } = await launchEarly('i-early', 'vpc-early')
    const { machines } = await client.inventory()
    assert.equal(machines.find((each) => each.id === 'i-early')?.phase, 'starting')
    await client.apply(networkOf('vpc-early', [faceOf('i-early', '10.0.1.9')], undefined, 2))
    assert.equal((await launching).phase, 'running')
    await showsItsAddress('i-early')
    await client.terminate('i-early')
    await client.remove('vpc-early')
  })

  test(`${name}: a machine that waits when the host dies has run nothing, and starts later`, async () => {
    const { client, restartHost } = await open()
    const { launching } = await launchEarly('i-held', 'vpc-held')
    await restartHost()
    await assert.rejects(launching)
    const { machines } = await client.inventory()
    const held = machines.find((each) => each.id === 'i-held')
    assert.equal(held?.phase, 'stopped')
    assert.equal((await client.console('i-held', 4000)).toString(), '')
    await client.apply(networkOf('vpc-held', [faceOf('i-held', '10.0.1.9')], undefined, 2))
    assert.equal((await client.start('i-held')).phase, 'running')
    await showsItsAddress('i-held')
    await client.terminate('i-held')
    await client.remove('vpc-held')
  })

  test(`${name}: a network whose rules were never in force is not told as applied`, async () => {
    const { client, dataDirectory, runDirectory } = await open()
    const network = networkOf('vpc-unruled', [])
    const isTold = async (): Promise<boolean> =>
      (await client.list()).some(({ id }) => id === network.id)
    await client.apply(network)
    assert.ok(await isTold())
    const holder = readHolder(dataDirectory)
    assert.ok(holder)
    const [enter = '', ...words] = enterHolder(holder, probe.userMap ?? 'root')
    const mark = `${networkNamespacePath(runDirectory, network.id)}.ruled`
    execFileSync(enter, [...words, 'rm', mark])
    assert.equal(await isTold(), false)
    await client.apply(network)
    assert.ok(await isTold())
    await client.remove(network.id)
  })

  test(`${name}: an older lease epoch is refused`, async () => {
    const { createHostClient } = await import('../../src/drivers/host-client/index.ts')
    const { runDirectory } = await open()
    const client = (epoch: number): ReturnType<typeof createHostClient> =>
      createHostClient({ socketPath: `${runDirectory}/host.sock`, epoch: () => epoch })
    await client(5).list()
    await assert.rejects(client(4).list(), /lease/)
    await client(5).list()
  })

  test(`${name}: a killed machine is noticed within milliseconds`, async (t) => {
    const { client, killMachine } = await open()
    await client.apply(networkOf('vpc-exit', [faceOf('i-exit', '10.0.1.9')]))
    const status = await client.launch(machineOf('i-exit', 'vpc-exit'))
    const ready = Promise.withResolvers<void>()
    const gone = Promise.withResolvers<number>()
    const stop = client.watch((each) => {
      if (each.id !== 'i-exit') return
      if (each.phase === 'running') ready.resolve()
      if (each.phase === 'stopped') gone.resolve(performance.now())
    })
    await ready.promise
    const killed = performance.now()
    killMachine(status)
    t.diagnostic(`noticed after ${((await gone.promise) - killed).toFixed(1)} ms`)
    stop()
    await client.terminate('i-exit')
    await client.remove('vpc-exit')
  })

  test(`${name}: limits hold for the machine and for what enters it, or are said not to`, async () => {
    const { client } = await open()
    await client.apply(networkOf('vpc-limits', [faceOf('i-small', '10.0.1.9')]))
    const limits = { processesMax: 8, memoryBytes: 256 * 1024 * 1024, cpus: 0.5 }
    const status = await client.launch({ ...machineOf('i-small', 'vpc-limits'), limits })
    const many = await shell(
      client,
      'i-small',
      'for n in 1 2 3 4 5 6 7 8 9; do sleep 1 & done; wait',
    )
    if (probe.userMap === 'root') {
      assert.equal(status.notEnforced, undefined)
      assert.match(many.output, /Cannot fork|Resource temporarily unavailable/)
    } else {
      assert.equal(status.notEnforced?.length, 3)
    }
    await client.terminate('i-small')
    await client.remove('vpc-limits')
  })

  test(`${name}: a machine with a forged address is heard by no one`, async (t) => {
    if (probe.userMap !== 'root') return t.skip('forging needs the real root to enter from outside')
    const { client } = await open()
    const group = {
      id: 'sg-peer',
      ingress: [{ ...allowAll, peer: { cidr: '10.0.1.9/32' } }],
      egress: [allowAll],
    }
    const faces = ['i-target', 'i-forger'].map((id, n) =>
      faceOf(id, `10.0.1.${7 + n}`, ['sg-peer']),
    )
    await client.apply(
      networkOf('vpc-forge', [...faces, faceOf('i-friend', '10.0.1.9', ['sg-peer'])], [group]),
    )
    const listening =
      "#!/bin/sh\n/opt/evenkeel/bin/node -e \"require('node:net').createServer((s) => s.end()).listen(80, () => console.log('serving'))\" &\n"
    await client.launch(machineOf('i-target', 'vpc-forge', listening))
    const { pid } = await client.launch(machineOf('i-forger', 'vpc-forge'))
    await until('it serves', async () =>
      /serving/.test((await client.console('i-target', 999)).toString()),
    )
    const inside = (...words: readonly string[]): string =>
      execFileSync('nsenter', ['--target', String(pid), '--net', ...words], { encoding: 'utf8' })
    const program =
      "const s = require('node:net').connect({ host: '10.0.1.7', port: 80, localAddress: '10.0.1.9' }).once('connect', () => { console.log('open'); process.exit() }).once('error', () => process.exit()); s.setTimeout(700, () => process.exit())"
    inside('ip', 'addr', 'add', '10.0.1.9/32', 'dev', 'eth0')
    assert.equal(inside(process.execPath, '-e', program), '')
    for (const id of ['i-target', 'i-forger']) await client.terminate(id)
    // The same address where it belongs is heard.
    await client.launch(machineOf('i-target', 'vpc-forge', listening))
    await client.launch(machineOf('i-friend', 'vpc-forge'))
    await until('it serves again', async () =>
      /serving/.test((await client.console('i-target', 999)).toString()),
    )
    const friendly = await client.exec(
      {
        machineId: 'i-friend',
        command: [
          '/opt/evenkeel/bin/node',
          '-e',
          `${program.replace('process.exit()', 'process.exit(7)')}`,
        ],
      },
      {},
    )
    assert.equal(friendly.exitCode, 7)
    for (const id of ['i-target', 'i-friend']) await client.terminate(id)
    await client.remove('vpc-forge')
  })

  test(`${name}: a public address answers from the host machine, and only where a rule allows it`, async (t) => {
    if (probe.userMap !== 'root') return t.skip('needs root: see evenkeel doctor')
    const { client } = await open()
    const face = { ...faceOf('i-public', '10.0.1.9', ['sg-web']), publicAddress: '198.51.100.99' }
    const web = {
      protocol: 'tcp',
      ports: { from: 80, to: 80 },
      peer: { cidr: '0.0.0.0/0' },
    } as const
    const groups = [{ id: 'sg-web', ingress: [web], egress: [allowAll] }]
    const plain = networkOf('vpc-public', [face], groups)
    const routes = [{ destinationCidr: '0.0.0.0/0', target: 'internet' }] as const
    await client.apply({ ...plain, subnets: plain.subnets.map((each) => ({ ...each, routes })) })
    const script =
      "const { createServer } = require('node:net'); for (const port of [80, 81]) createServer((s) => s.end('hello')).listen(port, () => console.log('serving ' + port))"
    const userData = `#!/bin/sh\n/opt/evenkeel/bin/node -e "${script}" &\n`
    await client.launch(machineOf('i-public', 'vpc-public', userData))
    await until('it serves', async () =>
      /serving 81/.test((await client.console('i-public', 999)).toString()),
    )
    assert.equal(await reach('198.51.100.99', 80), 'open')
    assert.equal(await reach('198.51.100.99', 81), 'silent')
    const listener = createServer().listen(0, '0.0.0.0')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    const outward = `/opt/evenkeel/bin/node -e "const s = require('node:net').connect(${port}, '${hostAddress()}').once('connect', () => { console.log('open'); process.exit() }).once('error', () => process.exit()); s.setTimeout(700, () => process.exit())"`
    assert.equal(
      (await shell(client, 'i-public', outward)).output,
      '',
      'the host machine’s services',
    )
    listener.close()
    await client.terminate('i-public')
    await client.remove('vpc-public')
  })
}

function reach(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const finish = (word: string) => (): void => {
      socket.destroy()
      resolve(word)
    }
    socket.setTimeout(700, finish('silent'))
    socket.once('connect', finish('open')).once('error', finish('refused'))
  })
}

function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return all.find((each) => each.family === 'IPv4' && !each.internal)?.address ?? '127.0.0.1'
}
