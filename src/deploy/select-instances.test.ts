import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstanceSelection, TagFilter } from './deployment-group.ts'
import { matchesTags } from './select-instances.ts'

const tags = [
  { Key: 'stage', Value: 'live' },
  { Key: 'role', Value: 'web' },
]

function selects(change: Partial<InstanceSelection>): boolean {
  const none = { ec2TagFilters: [], ec2TagSet: [], autoScalingGroups: [] }
  return matchesTags(tags, { ...none, ...change })
}

const is = (Key: string, Value: string): TagFilter => ({ Key, Value, Type: 'KEY_AND_VALUE' })

test('any tag filter is enough', () => {
  assert.equal(selects({ ec2TagFilters: [is('stage', 'test'), is('role', 'web')] }), true)
  assert.equal(selects({ ec2TagFilters: [is('stage', 'test')] }), false)
  assert.equal(selects({ ec2TagFilters: [{ Key: 'role', Type: 'KEY_ONLY' }] }), true)
  assert.equal(selects({ ec2TagFilters: [{ Value: 'live', Type: 'VALUE_ONLY' }] }), true)
})

test('of a tag set one filter of each group is needed', () => {
  const web = [is('role', 'web'), is('role', 'api')]
  assert.equal(selects({ ec2TagSet: [web, [is('stage', 'live')]] }), true)
  assert.equal(selects({ ec2TagSet: [web, [is('stage', 'test')]] }), false)
})

test('no filter selects nothing', () => {
  assert.equal(selects({}), false)
})
