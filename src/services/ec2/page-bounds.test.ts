import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ec2World } from '../../testing/ec2-world.ts'

test("pages of a size outside EC2's bounds are refused, in the words of each operation", async (t) => {
  const { call, close } = await ec2World()
  t.after(close)
  const greater = 'Expecting a value greater than'
  for (const [operation, MaxResults, name, words] of [
    ['DescribeInstances', 4, 'InvalidParameterValue', `maxResults is invalid. ${greater} 5.`],
    ['DescribeVpcs', 4, 'InvalidParameterValue', `${greater} or equal to 5.`],
    ['DescribeVpcs', 1001, 'InvalidParameterValue', 'smaller than or equal to 1000.'],
    ['DescribeRouteTables', 101, 'InvalidParameterValue', 'smaller than or equal to 100.'],
    ['DescribeLaunchTemplates', 201, 'InvalidParameterValue', 'between 1 and 200'],
    ['DescribeInstanceTypes', 101, 'InvalidMaxResults', 'from ( 5 ) to  ( 100 )'],
    ['DescribeNatGateways', 0, 'InvalidParameter', 'greater than or equal to 5'],
  ] as const) {
    await assert.rejects(call(operation, { MaxResults }), (thrown: Error) => {
      assert.deepEqual([thrown.name, thrown.message.includes(words)], [name, true], thrown.message)
      return true
    })
  }
  assert.equal((await call('DescribeVpcs', { MaxResults: 5 })).Vpcs?.length, 1)
  assert.deepEqual((await call('DescribeInstances', { MaxResults: 5000 })).Reservations, [])
})

test('ids and a size of pages do not go together where EC2 has them apart', async (t) => {
  const { call, close } = await ec2World()
  t.after(close)
  const InstanceIds = ['i-0123456789abcdef0']
  await assert.rejects(call('DescribeInstances', { InstanceIds, MaxResults: 5 }), {
    name: 'InvalidParameterCombination',
    message: 'The parameter instancesSet cannot be used with the parameter maxResults',
  })
})
