import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { physicalName, tokenOf } from './physical-name.ts'

const making = {
  stackUuid: '4e285fe9-0105-4c6c-b651-cdf4cd7120f1',
  stackName: 'shop',
  logicalId: 'Web',
  number: 1,
}

test('names are the same for every attempt, and others for another making', () => {
  const name = physicalName(making, 255)
  assert.match(name, /^shop-Web-[A-Z0-9]{12}$/)
  assert.equal(physicalName(making, 255), name)
  assert.notEqual(physicalName({ ...making, number: 2 }, 255), name)
})

test('names keep to the length, and their last part stays', () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,60}$/)
  fc.assert(
    fc.property(word, word, fc.integer({ min: 16, max: 255 }), (stackName, logicalId, most) => {
      const name = physicalName({ ...making, stackName, logicalId }, most)
      assert.ok(name.length <= most, name)
      assert.match(name, /^[A-Za-z0-9]+-[A-Za-z0-9]+-[A-Z0-9]{12}$/)
    }),
  )
})

test('a balancer of a stack with long names has 32 characters with parts of both', () => {
  const name = physicalName(
    { ...making, stackName: 'a-very-long-stack-name', logicalId: 'ApplicationLoadBalancer' },
    32,
  )
  assert.match(name, /^a-very-lo-Applicati-[A-Z0-9]{12}$/)
})

test('tokens fit what types may rely on', () => {
  assert.match(tokenOf(making, 'create'), /^[a-z0-9-]{1,64}$/)
  assert.notEqual(tokenOf(making, 'create'), tokenOf(making, 'update-2'))
})
