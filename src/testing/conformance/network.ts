import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DriverError } from '../../kernel/errors.ts'
import type { SecurityGroupSpec } from '../../protocol/network.ts'
import {
  allowAll,
  faceOf,
  machineOf,
  networkOf,
  shell,
  until,
  type HostWorld,
} from './host-world.ts'

/** The network contract. What needs packets is skipped by the fake alone. */
export function networkConformance(name: string, open: () => Promise<HostWorld>): void {
  recordTests(name, open)
  securityTests(name, open)
  overlapTests(name, open)
}

function recordTests(name: string, open: () => Promise<HostWorld>): void {
  test(`${name}: a network is applied, repeated, listed and removed`, async () => {
    const { network } = await open()
    await network.apply(networkOf('vpc-1', [], [], 3))
    await network.apply(networkOf('vpc-1', [], [], 3))
    assert.deepEqual(
      (await network.list()).filter((each) => each.id === 'vpc-1'),
      [{ id: 'vpc-1', generation: 3 }],
    )
    await network.remove('vpc-1')
    await network.remove('vpc-1')
    assert.deepEqual(
      (await network.list()).filter((each) => each.id === 'vpc-1'),
      [],
    )
  })

  test(`${name}: an older generation is refused and changes nothing`, async () => {
    const { network } = await open()
    await network.apply(networkOf('vpc-2', [], [], 3))
    const isFinal = (thrown: unknown): boolean => thrown instanceof DriverError && !thrown.retryable
    await assert.rejects(network.apply(networkOf('vpc-2', [], [], 2)), isFinal)
    assert.equal((await network.list()).find((each) => each.id === 'vpc-2')?.generation, 3)
    await network.remove('vpc-2')
  })
}

/** Listens on three ports, and says so when it does. */
const serving = `#!/bin/sh
cat > /root/serve.cjs <<'END'
const { createServer } = require('node:net')
const ports = [80, 8080, 9090]
let open = 0
for (const port of ports) createServer((socket) => socket.on('error', () => {}).end(socket.remoteAddress))
  .listen(port, '0.0.0.0', () => { if (++open === ports.length) process.stdout.write('serving') })
END
cat > /root/reach.cjs <<'END'
const { connect } = require('node:net')
const [host, port, localAddress] = process.argv.slice(2)
const socket = connect({ host, port: Number(port), ...(localAddress && { localAddress }) })
socket.setTimeout(700, () => { process.stdout.write('silent'); process.exit() })
socket.once('connect', () => { process.stdout.write('open'); process.exit() })
socket.once('error', (error) => { process.stdout.write(error.code); process.exit() })
END
/opt/evenkeel/bin/node /root/serve.cjs &
`

const web: SecurityGroupSpec = {
  id: 'sg-web',
  ingress: [
    { protocol: 'tcp', ports: { from: 80, to: 80 }, peer: { cidr: '10.0.1.0/24' } },
    { protocol: 'tcp', ports: { from: 8080, to: 8080 }, peer: { securityGroupId: 'sg-front' } },
  ],
  egress: [allowAll],
}
const front: SecurityGroupSpec = { id: 'sg-front', ingress: [], egress: [allowAll] }
const mute: SecurityGroupSpec = {
  id: 'sg-mute',
  ingress: [],
  egress: [{ protocol: 'tcp', ports: { from: 80, to: 80 }, peer: { cidr: '10.0.2.0/24' } }],
}

const placed = [
  faceOf('i-web', '10.0.1.10', ['sg-web']),
  faceOf('i-front', '10.0.1.11', ['sg-front']),
  faceOf('i-far', '10.0.2.12', ['sg-web']),
  faceOf('i-mute', '10.0.1.13', ['sg-mute']),
]

/** From, to, port, and what comes of it. `silent`: dropped without a word, as on EC2. */
const table: readonly (readonly [string, string, number, string, string])[] = [
  ['i-front', '10.0.1.10', 80, 'open', 'same subnet, by range'],
  ['i-front', '10.0.1.10', 8080, 'open', 'same subnet, by group'],
  ['i-front', '10.0.1.10', 9090, 'silent', 'same subnet, no rule'],
  ['i-far', '10.0.1.10', 80, 'silent', 'other subnet, out of the range'],
  ['i-far', '10.0.1.10', 8080, 'silent', 'other subnet, not of the group'],
  ['i-front', '10.0.2.12', 8080, 'open', 'other subnet, by group'],
  ['i-web', '10.0.1.11', 80, 'silent', 'a group without ingress'],
  ['i-mute', '10.0.1.10', 80, 'silent', 'egress forbids it'],
  ['i-mute', '10.0.2.12', 80, 'open', 'egress and ingress allow it'],
  ['i-front', '10.0.1.1', 22, 'silent', 'the router itself'],
  ['i-front', '127.0.0.1', 4566, 'ECONNREFUSED', 'its own loopback, not the host machine’s'],
]

function securityTests(name: string, open: () => Promise<HostWorld>): void {
  test(`${name}: security groups hold for every pair, direction and subnet`, async (t) => {
    const { compute, network, isReal } = await open()
    if (!isReal) return t.skip('the fake carries no packets')
    const groups = [web, front, mute]
    await network.apply(networkOf('vpc-rules', placed, groups))
    for (const { machineId } of placed) {
      await compute.launch(machineOf(machineId!, 'vpc-rules', serving))
      await until(`${machineId} serves`, async () =>
        /serving/.test((await compute.console(machineId!, 4000)).toString()),
      )
    }
    const reach = async (from: string, to: string, port: number, source = ''): Promise<string> =>
      (await shell(compute, from, `/opt/evenkeel/bin/node /root/reach.cjs ${to} ${port} ${source}`))
        .output
    for (const [from, to, port, expected, words] of table)
      assert.equal(await reach(from, to, port), expected, `${from} to ${to}:${port} (${words})`)

    await shell(compute, 'i-far', 'true')
    const refused = await shell(compute, 'i-far', 'ip addr add 10.0.1.11/32 dev eth0')
    assert.notEqual(refused.exitCode, 0, 'a machine may not take an address')

    const closed = { ...web, ingress: [] }
    await network.apply(networkOf('vpc-rules', placed, [closed, front, mute], 2))
    assert.equal(await reach('i-front', '10.0.1.10', 80), 'silent', 'after the rule went')
    const moved = placed.map((face) =>
      face.machineId === 'i-far' ? { ...face, securityGroupIds: ['sg-front'] } : face,
    )
    await network.apply(networkOf('vpc-rules', moved, groups, 3))
    assert.equal(await reach('i-far', '10.0.1.10', 8080), 'open', 'after it joined the group')
    const second = { ...faceOf('i-front', '10.0.1.50', ['sg-web']), id: 'eni-second' }
    await network.apply(networkOf('vpc-rules', [...placed, second], groups, 4))
    assert.equal(
      await reach('i-web', '10.0.1.50', 80),
      'open',
      'a second address has its own groups',
    )
    assert.equal(await reach('i-web', '10.0.1.11', 80), 'silent', 'and the first its own')
    for (const { machineId } of placed) await compute.terminate(machineId!)
    await network.remove('vpc-rules')
  })
}

function overlapTests(name: string, open: () => Promise<HostWorld>): void {
  test(`${name}: two networks may have one range and never meet`, async (t) => {
    const { compute, network, isReal } = await open()
    if (!isReal) return t.skip('the fake carries no packets')
    for (const vpc of ['left', 'right']) {
      await network.apply(networkOf(`vpc-${vpc}`, [faceOf(`i-${vpc}`, '10.0.1.10')]))
      await compute.launch(machineOf(`i-${vpc}`, `vpc-${vpc}`, serving))
    }
    await network.apply(
      networkOf(
        'vpc-left',
        [faceOf('i-left', '10.0.1.10'), faceOf('i-lone', '10.0.1.20')],
        undefined,
        2,
      ),
    )
    await compute.launch(machineOf('i-lone', 'vpc-left', serving))
    await until('all serve', async () => {
      const texts = await Promise.all(
        ['i-left', 'i-right', 'i-lone'].map((id) => compute.console(id, 4000)),
      )
      return texts.every((text) => text.toString().includes('serving'))
    })
    await shell(compute, 'i-left', 'touch /root/left')
    const near = await shell(
      compute,
      'i-lone',
      '/opt/evenkeel/bin/node /root/reach.cjs 10.0.1.10 80',
    )
    assert.equal(near.output, 'open')
    const far = await shell(
      compute,
      'i-right',
      '/opt/evenkeel/bin/node /root/reach.cjs 10.0.1.20 80',
    )
    assert.notEqual(far.output, 'open')
    for (const id of ['i-left', 'i-right', 'i-lone']) await compute.terminate(id)
    for (const id of ['vpc-left', 'vpc-right']) await network.remove(id)
  })
}
