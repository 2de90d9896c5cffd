import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupMetrics, measureGroup } from './group-metrics.ts'

test('members count by their state: instances one each, capacities as many units as they weigh', () => {
  const sizes = { minSize: 1, maxSize: 9, desiredCapacity: 3 }
  const lifecycles = ['InService', 'InService', 'Pending', 'Standby', 'Terminating']
  const measured = measureGroup(
    sizes,
    lifecycles.map((lifecycle, index) => ({ lifecycle, weight: index + 1 })),
  )
  assert.deepEqual(Object.keys(measured), [...groupMetrics])
  assert.equal(measured.GroupInServiceInstances, 2)
  assert.equal(measured.GroupInServiceCapacity, 3)
  assert.equal(measured.GroupStandbyCapacity, 4)
  assert.equal(measured.GroupTotalCapacity, 15)
  assert.equal(measured.GroupTotalInstances, 5)
  assert.equal(measured.GroupMaxSize, 9)
})
