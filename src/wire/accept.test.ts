import assert from 'node:assert/strict'
import { test } from 'node:test'
import { empty, firstRefused, is } from './accept.ts'

const accepts = {
  Name: true,
  Monitoring: { Enabled: is(false) },
  Items: { Id: true },
  Nothing: empty,
} as const

test('accepted members and accepted values pass', () => {
  const input = { Name: 'a', Monitoring: { Enabled: false }, Items: [{ Id: 1 }], Nothing: [] }
  assert.equal(firstRefused(input, accepts), undefined)
})

test('a member that is not accepted is named with its path', () => {
  assert.equal(firstRefused({ Other: 1 }, accepts), 'Other')
  assert.equal(firstRefused({ Items: [{ Id: 1 }, { Size: 2 }] }, accepts), 'Items[1].Size')
  assert.equal(firstRefused({ Monitoring: { Enabled: true } }, accepts), 'Monitoring.Enabled')
  assert.equal(firstRefused({ Nothing: [1] }, accepts), 'Nothing')
})

test('names of Object.prototype are not accepted by accident', () => {
  assert.equal(firstRefused({ constructor: 1 }, accepts), 'constructor')
})
