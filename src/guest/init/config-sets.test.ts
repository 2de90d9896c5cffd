import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ToolFailure } from '../machine-context.ts'
import { configsOf, isTrue, listOf } from './config-sets.ts'

const init = {
  configSets: {
    default: ['a', { ConfigSet: 'more' }],
    more: ['b', 'c'],
    loop: [{ ConfigSet: 'loop' }],
  },
  a: {},
  b: {},
  c: {},
}

test('without sets the one config is applied', () => {
  assert.deepEqual(configsOf({ config: {} }, ['default']), ['config'])
  assert.throws(() => configsOf({ config: {} }, ['web']), ToolFailure)
  assert.throws(() => configsOf({}, ['default']), ToolFailure)
})

test('sets name configs and other sets, in order', () => {
  assert.deepEqual(configsOf(init, ['default']), ['a', 'b', 'c'])
  assert.deepEqual(configsOf(init, ['more', 'default']), ['b', 'c', 'a', 'b', 'c'])
})

test('a set that is missing or contains itself is named', () => {
  assert.throws(() => configsOf(init, ['nope']), /no config set nope/)
  assert.throws(() => configsOf(init, ['loop']), /loop contains itself/)
  assert.throws(() => configsOf({ configSets: { default: ['x'] } }, ['default']), /"x"/)
})

test('truth and lists come in several forms', () => {
  assert.deepEqual(
    [isTrue('true'), isTrue(true), isTrue('false'), isTrue(undefined)],
    [true, true, false, false],
  )
  assert.deepEqual([listOf('a'), listOf(['a', 1]), listOf('')], [['a'], ['a', '1'], []])
})
