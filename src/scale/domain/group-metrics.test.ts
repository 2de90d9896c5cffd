import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupMetrics, measureGroup } from './group-metrics.ts'

test('members count by their state, each as one unit of capacity', () => {
  const sizes = { minSize: 1, maxSize: 9, desiredCapacity: 3 }
  const lifecycles = ['InService', 'InService', 'Pending', 'Standby', 'Terminating']
  const measured = measureGroup(sizes, lifecycles)
  assert.deepEqual(Object.keys(measured), [...groupMetrics])
  assert.equal(measured.GroupInServiceInstances, 2)
  assert.equal(measured.GroupStandbyCapacity, 1)
  assert.equal(measured.GroupTotalInstances, 5)
  assert.equal(measured.GroupMaxSize, 9)
})
