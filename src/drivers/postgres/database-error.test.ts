import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DriverError } from '../../kernel/errors.ts'
import { StaleRevision } from '../../store/records.ts'
import { databaseError, isConflict } from './database-error.ts'

function thrownWith(code: string): Error {
  return Object.assign(new Error('it said'), { code })
}

test('conflicts are told from everything else', () => {
  assert.ok(isConflict(thrownWith('40001')))
  assert.ok(isConflict(thrownWith('40P01')))
  assert.ok(!isConflict(thrownWith('23505')))
  assert.ok(!isConflict(undefined))
})

test('what the world refuses becomes retryable and says what we did', () => {
  for (const code of ['53100', '57P01', '08006', 'ECONNREFUSED', 'ENOENT']) {
    const error = databaseError('find', thrownWith(code))
    assert.ok(error instanceof DriverError && error.retryable)
    assert.match(error.message, /find/)
  }
})

test('our own errors come out as they are', () => {
  const stale = new StaleRevision('x')
  assert.equal(databaseError('update', stale), stale)
  const bug = thrownWith('42601')
  assert.equal(databaseError('update', bug), bug)
})
