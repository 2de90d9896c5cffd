import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkWaits } from './network-waits.ts'

test('who waits is told as soon as it is there', async () => {
  const waits = new NetworkWaits()
  let there: string | undefined
  const waiting = waits.until('the network', () => there)
  waits.look()
  there = 'applied'
  waits.look()
  assert.equal(await waiting, 'applied')
  assert.equal(await waits.until('the network', () => there), 'applied')
})

test('a network that does not come is a failure that may be tried again', async () => {
  const waits = new NetworkWaits(1)
  await assert.rejects(
    waits.until('network vpc-1', () => undefined),
    { name: 'DriverError', retryable: true, message: 'network vpc-1 is not applied on this host' },
  )
})
