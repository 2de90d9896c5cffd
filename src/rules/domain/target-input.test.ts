import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputFor, isPath } from './target-input.ts'

const event = {
  'detail-type': 'State',
  resources: ['arn:one'],
  detail: { id: 'i-1', state: 'run"ning', tags: [1, { a: null }], count: 3 },
}
const names = { ruleArn: 'arn:rule', ruleName: 'rule', ingestionTime: '2026-11-22T10:00:00.000Z' }
const paths = {
  id: '$.detail.id',
  state: '$.detail.state',
  tags: '$.detail.tags',
  type: "$['detail-type']",
  first: '$.resources[0]',
  none: '$.detail.none.at.all',
}

test('a target is given the event, a part of it, or a fixed text', () => {
  assert.equal(inputFor({}, event, names), JSON.stringify(event))
  assert.equal(inputFor({ path: '$.detail.tags[1]' }, event, names), '{"a":null}')
  assert.equal(inputFor({ path: '$.detail.id' }, event, names), '"i-1"')
  assert.equal(inputFor({ input: '{"x":1}' }, event, names), '{"x":1}')
})

test('a template is filled with JSON outside of quotes and with text inside of them', () => {
  const filled = (template: string): string =>
    inputFor({ transformer: { paths, template } }, event, names)
  assert.deepEqual(
    JSON.parse(filled('{"id": <id>, "said": "<id> is <state>", "tags": <tags>, "none": "<none>"}')),
    { id: 'i-1', said: 'i-1 is run"ning', tags: [1, { a: null }], none: '' },
  )
  assert.equal(filled('"<id> of <type> at <first>"'), '"i-1 of State at arn:one"')
  assert.equal(filled('<id> is <state>'), 'i-1 is run"ning')
  assert.equal(filled('{"rule": <aws.events.rule-name>}'), '{"rule": "rule"}')
  assert.deepEqual(JSON.parse(filled('{"all": <aws.events.event.json>}')), { all: event })
})

test('paths are told from other texts', () => {
  for (const path of ['$', '$.a.b', '$.a[0].b', "$['a-b'].c"]) assert.ok(isPath(path), path)
  for (const path of ['', 'a', '$a', '$.', '$..a', '$.a[x]']) assert.ok(!isPath(path), path)
})
