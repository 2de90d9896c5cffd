import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { machineUsage, namespaceSpaces, sessionSpaces, trafficIn } from './machine-usage.ts'

test('traffic is read from the columns of eth0', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
  eth0: 1234567      89    0    0    0     0          0         0   7654321      98    0    0    0     0       0          0
`
  assert.deepEqual(trafficIn(text), {
    network: { bytesIn: 1_234_567, packetsIn: 89, bytesOut: 7_654_321, packetsOut: 98 },
  })
  assert.deepEqual(trafficIn('    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n'), {})
})

const spec = {
  id: 'i-1',
  zone: 'us-east-1a',
  image: 'default',
  hostname: 'one',
  networkId: 'vpc-1',
  interfaceId: 'eni-1',
}

test('processor time is that of all processes of the machine, and grows with their work', async () => {
  const busy = 'while :; do :; done & while :; do :; done'
  const first = spawn('sh', ['-c', busy], { detached: true, stdio: 'ignore' })
  const pid = first.pid ?? 0
  const driver = machineUsage(() => [{ spec, pid }], sessionSpaces)
  const used = async (): Promise<number> => (await driver.usage())[0]?.cpuSeconds ?? 0
  try {
    const lookedAt = Date.now()
    while ((await used()) < 0.05) assert.ok(Date.now() - lookedAt < 20_000, 'it works all the time')
  } finally {
    process.kill(-pid, 'SIGKILL')
  }
})

test('a machine whose first process is gone is not told of', async () => {
  const driver = machineUsage(() => [{ spec, pid: 2 ** 30 }], namespaceSpaces)
  assert.deepEqual(await driver.usage(), [])
})
