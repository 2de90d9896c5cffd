import assert from 'node:assert/strict'
import { test } from 'node:test'
import { autoScalingWorld, basicGroup } from '../../testing/auto-scaling-world.ts'
import { call } from '../../testing/fake-request.ts'

const tagOf = (Key: string, ResourceId = 'web') => ({
  ...{ Key, Value: 'x', ResourceId, ResourceType: 'auto-scaling-group', PropagateAtLaunch: true },
})

type Tag = ReturnType<typeof tagOf>

function world() {
  const { service, group } = autoScalingWorld()
  return {
    make: (Tags: readonly Tag[]) =>
      call(service, 'CreateAutoScalingGroup', { ...basicGroup, Tags }),
    put: (...Tags: readonly Tag[]) => call(service, 'CreateOrUpdateTags', { Tags }),
    remove: (...Tags: readonly Tag[]) => call(service, 'DeleteTags', { Tags }),
    keys: async () => (await group())?.Tags?.map(({ Key }) => Key),
  }
}

test('tags of several groups are changed together, or none of them after bad input', async () => {
  const { make, put, remove, keys } = world()
  await make([tagOf('first')])
  const bad = [
    [tagOf('second', 'nowhere'), /nowhere not found/],
    [tagOf('aws:second'), /aws:second is reserved/],
    [tagOf('k'.repeat(129)), /between 1 and 128/],
  ] as const
  for (const [tag, message] of bad) {
    await assert.rejects(put(tagOf('second'), tag), { code: 'ValidationError', message })
    assert.deepEqual(await keys(), ['first'])
  }
  const both = remove(tagOf('first'), tagOf('first', 'nowhere'))
  await assert.rejects(both, { message: /nowhere not found/ })
  assert.deepEqual(await keys(), ['first'])
  await put(tagOf('second'), tagOf('first'))
  assert.deepEqual(await keys(), ['first', 'second'])
  await remove(tagOf('first'), tagOf('second'))
  assert.deepEqual(await keys(), [])
})

test('a group has no more tags than AWS lets it have', async () => {
  const { make, put, keys } = world()
  const many = Array.from({ length: 51 }, (_, index) => tagOf(`key${index}`))
  const refused = { code: 'LimitExceededFault', message: /at most 50 tags/ }
  await assert.rejects(make(many), refused)
  await make(many.slice(0, 49))
  await put(tagOf('key0'), tagOf('one-more'))
  await assert.rejects(put(tagOf('too-many')), refused)
  assert.equal((await keys())?.length, 50)
})
