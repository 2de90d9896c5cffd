import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderMustache } from './render-mustache.ts'

test('variables are escaped, raw ones are not', () => {
  assert.equal(renderMustache('{{a}} {{{a}}} {{&a}} {{none}}', { a: '<b>' }), '&lt;b&gt; <b> <b> ')
})

test('dotted names reach into maps', () => {
  assert.equal(renderMustache('{{db.host}}:{{ db.port }}', { db: { host: 'h', port: 1 } }), 'h:1')
})

test('sections repeat over lists and see what is around them', () => {
  const context = { name: 'x', items: [{ id: 1 }, { id: 2 }], words: ['a', 'b'], none: [] }
  assert.equal(renderMustache('{{#items}}{{name}}{{id}};{{/items}}', context), 'x1;x2;')
  assert.equal(renderMustache('{{#words}}{{.}}{{/words}}', context), 'ab')
  assert.equal(renderMustache('{{#none}}no{{/none}}{{^none}}empty{{/none}}', context), 'empty')
})

test('comments say nothing, and a section must end', () => {
  assert.equal(renderMustache('a{{! a remark }}b', {}), 'ab')
  assert.throws(() => renderMustache('{{#a}}x', { a: true }), /has no end/)
})
