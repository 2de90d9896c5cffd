import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loopbackAddress, openPort } from './loopback-address.ts'

test("an address of a VPC becomes one of the VPC's loopback range, once", () => {
  assert.equal(loopbackAddress('10.0.1.5', 23), '127.23.1.5')
  assert.equal(loopbackAddress(loopbackAddress('172.31.4.5', 7), 9), '127.7.4.5')
})

test('names and addresses for everyone stay', () => {
  for (const same of ['localhost', '0.0.0.0', '::1', '10.0.1'])
    assert.equal(loopbackAddress(same, 23), same)
})

test('a port that is not ours moves up by 8000', () => {
  assert.equal(openPort(80, 1024), 8080)
  assert.equal(openPort(80, 80), 80)
  assert.equal(openPort(0, 1024), 0)
  assert.equal(openPort(3000, 1024), 3000)
})
