import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { computeConformance } from '../../src/testing/conformance/compute.ts'
import {
  faceOf,
  machineOf,
  networkOf,
  shell,
  until,
} from '../../src/testing/conformance/host-world.ts'
import { openHostFixture, tracesOf, type HostFixture } from './host-fixture.ts'

let fixture: HostFixture | undefined
const open = async (): Promise<HostFixture> => {
  assert.ok(fixture)
  return fixture
}
before(async () => {
  fixture = await openHostFixture('process')
})
after(async () => {
  if (!fixture) return
  await fixture.close()
  await until('all is gone', () => tracesOf(fixture!, []) === '')
})

/** Machines are entered as the host machine's own users see them: what a suite asks of isolation is refused by name instead. */
computeConformance('process', async () => ({ ...(await open()), isReal: false }))

test('process: networks on one range have machines of the same address side by side', async () => {
  const { network, client } = await open()
  const cidr = '10.9.0.0/16'
  const hosts = new Set<string>()
  for (const [vpc, id] of [
    ['vpc-one', 'i-one'],
    ['vpc-two', 'i-two'],
  ] as const) {
    await network.apply({ ...networkOf(vpc, [faceOf(id, '10.9.1.9')]), cidr })
    await client.launch(machineOf(id, vpc))
    hosts.add((await shell(client, id, 'echo "$HOST"')).output)
  }
  assert.equal(hosts.size, 2)
  for (const id of ['i-one', 'i-two']) await client.terminate(id)
  for (const vpc of ['vpc-one', 'vpc-two']) await network.remove(vpc)
})

test('process: a network larger than a /16 is refused by name', async () => {
  const { network } = await open()
  await assert.rejects(
    network.apply({ ...networkOf('vpc-large', []), cidr: '10.0.0.0/8' }),
    /vpc-large.*10\.0\.0\.0\/8 is larger/,
  )
})

test('process: per-boot programs run at every start, and what left the group dies with it', async () => {
  const { client, killMachine } = await open()
  await client.apply(networkOf('vpc-boot', [faceOf('i-boot', '10.0.1.8')]))
  const write = [
    'folder=$EVENKEEL_ROOT/var/lib/cloud/scripts/per-boot; mkdir -p "$folder"',
    'printf \'#!/bin/sh\\necho booted >> "$EVENKEEL_ROOT/boots"\\n\' > "$folder/note"',
    'chmod +x "$folder/note"; setsid sleep 400 > /dev/null 2>&1 & echo $! > "$EVENKEEL_ROOT/strayed"',
  ].join('\n')
  const launched = await client.launch(machineOf('i-boot', 'vpc-boot'))
  await shell(client, 'i-boot', write)
  const strayed = Number((await shell(client, 'i-boot', 'cat strayed')).output)
  assert.ok(isRunning(strayed))
  killMachine(launched)
  await until('what it left is gone', () => !isRunning(strayed))
  await until('it is stopped', async () => (await phaseOf('i-boot')) === 'stopped')
  for (const expected of ['booted', 'booted\nbooted']) {
    await client.start('i-boot')
    await until('it has booted', async () => {
      const { output } = await shell(client, 'i-boot', 'cat boots 2>/dev/null; true')
      return output.trim() === expected
    })
    await client.stop('i-boot', 1000)
  }
  await client.terminate('i-boot')
})

async function phaseOf(id: string): Promise<string | undefined> {
  const { machines } = await (await open()).client.inventory()
  return machines.find((machine) => machine.id === id)?.phase
}

function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

test('process: a machine has its own address and folder, and ends whole', async () => {
  const { client, killMachine } = await open()
  await client.apply({
    ...networkOf('vpc-own', [faceOf('i-own', '10.0.1.9')]),
    cidr: '10.7.0.0/16',
  })
  const script = '#!/bin/sh\necho "$HOST $EVENKEEL_ROOT"\nsetsid sleep 400 &\n'
  const status = await client.launch(machineOf('i-own', 'vpc-own', script))
  await until('user data speaks', async () =>
    /^127\.\d+\.1\.9 .*i-own\/root$/m.test((await client.console('i-own', 999)).toString()),
  )
  assert.match((await shell(client, 'i-own', 'pwd')).output, /i-own\/root$/)
  await assert.rejects(shell(client, 'i-own', 'id', 'nobody-else'), /runs commands as/)
  killMachine(status)
  await until('it is stopped', async () =>
    (await client.inventory()).machines.some(
      (each) => each.id === 'i-own' && each.phase === 'stopped',
    ),
  )
  await client.terminate('i-own')
})
