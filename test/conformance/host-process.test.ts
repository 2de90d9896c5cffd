import assert from 'node:assert/strict'
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

test('process: two networks on one range are refused by name', async () => {
  const { network } = await open()
  const cidr = '10.9.0.0/16'
  await network.apply({ ...networkOf('vpc-one', []), cidr })
  await assert.rejects(
    network.apply({ ...networkOf('vpc-two', []), cidr }),
    /vpc-two.*overlaps.*vpc-one/,
  )
  await network.remove('vpc-one')
})

test('process: a machine has its own address and folder, and ends whole', async () => {
  const { client, killMachine } = await open()
  await client.apply({
    ...networkOf('vpc-own', [faceOf('i-own', '10.0.1.9')]),
    cidr: '10.7.0.0/16',
  })
  const script = '#!/bin/sh\necho "$HOST $EVENKEEL_ROOT"\nsetsid sleep 400 &\n'
  const status = await client.launch(machineOf('i-own', 'vpc-own', script))
  await until('user data speaks', async () =>
    /^127\.0\.1\.9 .*i-own\/root$/m.test((await client.console('i-own', 999)).toString()),
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
