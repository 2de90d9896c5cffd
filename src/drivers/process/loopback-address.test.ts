import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loopbackAddress, openPort } from './loopback-address.ts'

test('an address of a VPC becomes a loopback address, once', () => {
  assert.equal(loopbackAddress('10.0.1.5'), '127.0.1.5')
  assert.equal(loopbackAddress(loopbackAddress('172.31.4.5')), '127.31.4.5')
})

test('names and addresses for everyone stay', () => {
  for (const same of ['localhost', '0.0.0.0', '::1', '10.0.1'])
    assert.equal(loopbackAddress(same), same)
})

test('a port that is not ours moves up by 8000', () => {
  assert.equal(openPort(80, 1024), 8080)
  assert.equal(openPort(80, 80), 80)
  assert.equal(openPort(0, 1024), 0)
  assert.equal(openPort(3000, 1024), 3000)
})
