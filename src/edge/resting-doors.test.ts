import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { RestingDoors } from './resting-doors.ts'

test('a door closes once, a while after it was left, unless it is wanted again', async () => {
  const resting = new RestingDoors(20)
  const closed: string[] = []
  const leave = (id: string): void => resting.leave(id, () => void closed.push(id))
  leave('vpc-1')
  leave('vpc-1')
  leave('vpc-2')
  resting.keep('vpc-2')
  assert.deepEqual(closed, [])
  await delay(60)
  assert.deepEqual(closed, ['vpc-1'])
})
