import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DriverError } from '../kernel/errors.ts'
import { updatesTogether, type Update } from './updates-together.ts'

function update(id: string): Update {
  return {
    HostCommandIdentifier: id,
    CommandStatus: 'InProgress',
    Diagnostics: { Format: 'JSON', Payload: '{}' },
  }
}

test('what is said while a request is under way goes together after it', async () => {
  const requests: string[][] = []
  const tell = updatesTogether(async (_operation, input) => {
    const { Updates } = input as { Updates: readonly Update[] }
    requests.push(Updates.map((one) => one.HostCommandIdentifier))
    await Promise.resolve()
    return { Results: Updates.map((one) => ({ CommandStatus: one.CommandStatus })) }
  })
  const first = tell(update('a'))
  await Promise.resolve()
  await Promise.resolve()
  const others = ['b', 'c'].map((id) => tell(update(id)))
  assert.deepEqual(await Promise.all([first, ...others]), Array(3).fill('InProgress'))
  assert.deepEqual(requests, [['a'], ['b', 'c']])
  assert.equal(await tell(update('d')), 'InProgress')
})

test('a mistake in one update is an error of that one; a request that failed is one of all', async () => {
  let answers: readonly object[] | undefined = [{ CommandStatus: 'Failed' }, { ErrorMessage: 'no' }]
  const tell = updatesTogether(async () => {
    if (!answers) throw new DriverError('not there', { retryable: true })
    return { Results: answers }
  })
  const [good, bad] = await Promise.allSettled([tell(update('a')), tell(update('b'))])
  assert.deepEqual(good, { status: 'fulfilled', value: 'Failed' })
  assert.ok(bad?.status === 'rejected')
  assert.deepEqual((bad.reason as DriverError).retryable, false)
  answers = undefined
  for (const end of await Promise.allSettled([tell(update('a')), tell(update('b'))])) {
    assert.equal(end.status === 'rejected' && (end.reason as DriverError).retryable, true)
  }
})
