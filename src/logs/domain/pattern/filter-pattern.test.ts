import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFilterPattern, referenceOf } from './filter-pattern.ts'
import { LogText } from './log-text.ts'
import { PatternFault } from './pattern-fault.ts'
import { compileExpression } from './regular-expression.ts'

function matching(pattern: string, messages: readonly string[]): readonly number[] {
  const parsed = parseFilterPattern(pattern)
  return messages.flatMap((text, index) => (parsed.matches(new LogText(text)) ? [index] : []))
}

test('terms are all to be there, in any order and as parts of words', () => {
  const messages = ['ERROR WARN message', 'ERROR message', 'WARN message', 'EXIT ERRORCODE: -1']
  assert.deepEqual(matching('', messages), [0, 1, 2, 3])
  assert.deepEqual(matching('ERROR', messages), [0, 1, 3])
  assert.deepEqual(matching('error', messages), [])
  assert.deepEqual(matching('WARN ERROR', messages), [0])
  assert.deepEqual(matching('?ERROR ?WARN', messages), [0, 1, 2, 3])
  assert.deepEqual(matching('?WARN ?none', messages), [0, 2])
  assert.deepEqual(matching('ERROR -WARN', messages), [1, 3])
  assert.deepEqual(matching('"ERROR" - "EXIT"', messages), [0, 1])
  assert.deepEqual(matching('-ERROR', messages), [2])
  assert.deepEqual(matching('"ERROR message"', messages), [1])
  assert.deepEqual(matching('"CODE: -"', messages), [3])
  assert.deepEqual(matching('%^E.*\\d$%', messages), [3])
})

test('optional terms say nothing beside others', () => {
  const messages = ['[INFO] REQUEST FAILED', '[WARN] UNAUTHORIZED REQUEST', '[ERROR] 400']
  assert.deepEqual(matching('?ERROR REQUEST', messages), [0, 1])
})

test('quotes may be in quotes', () => {
  assert.deepEqual(matching('"\\"a\\": 1"', ['{"a": 1}', '{a: 1}']), [0])
  assert.deepEqual(matching('"back\\\\slash"', ['back\\slash']), [0])
})

const user = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  latency: 55.5,
  'cluster.name': 'c',
  coordinates: [[0, 1, 2]],
})

function holds(pattern: string): boolean {
  return matching(pattern, [user]).length === 1
}

test('conditions on JSON hold as AWS documents them', () => {
  for (const pattern of [
    '{ $.eventType = "UpdateTrail" }',
    '{ $.eventType = Update* }',
    '{$.eventType=*Trail}',
    '{ $.sourceIPAddress != 123.123.* }',
    '{ $.arrayKey[0] = "value" }',
    '{ $.arrayKey[*] = "another value" }',
    '{ $.objectList[1].id = 2 }',
    '{ $.SomeObject IS NULL }',
    '{ $.SomeOtherObject NOT EXISTS }',
    '{ $.ThisFlag IS TRUE }',
    '{ $.ThisFlag = true }',
    '{ $.latency = * }',
    '{ $.latency > +55 && $.latency <= 5.55e1 }',
    '{ $.latency = 5* }',
    "{ $.['cluster.name'] = c }",
    '{ $.coordinates[0][1] = 1 }',
    '{ $.eventType = x && $.latency = 1 || $.ThisFlag IS TRUE }',
    '{ ($.eventType = x || $.latency = 55.5) && ($.ThisFlag IS TRUE) }',
    '{ $.sourceIPAddress = %^1{3}\\.% }',
  ]) {
    assert.ok(holds(pattern), pattern)
  }
  for (const pattern of [
    '{ $.eventType = "updatetrail" }',
    '{ $.arrayKey = "value" }',
    '{ $.arrayKey != "value" }',
    '{ $.objectList[2].id = 2 }',
    '{ $.SomeObject NOT EXISTS }',
    '{ $.missing != 1 }',
    '{ $.missing = * }',
    '{ $.ThisFlag IS FALSE }',
    '{ $.latency > 55.5 }',
    '{ $.eventType = x && ($.latency = 1 || $.ThisFlag IS TRUE) }',
  ]) {
    assert.ok(!holds(pattern), pattern)
  }
  assert.deepEqual(matching('{ $.a NOT EXISTS }', ['no json', '{"a":', '{}']), [2])
})

const lines = [
  '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534',
  '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 500 5324',
]

test('fields between blanks are compared by place', () => {
  const names = 'ip, id, user, time, request'
  assert.deepEqual(matching(`[${names}, status, bytes]`, lines), [0, 1])
  assert.deepEqual(matching(`[${names}, status]`, lines), [])
  assert.deepEqual(matching(`[${names}, status = 4*, bytes]`, lines), [0])
  assert.deepEqual(matching(`[${names}, status, bytes > 1534]`, lines), [1])
  assert.deepEqual(matching('[..., status = 404 || status = 500, bytes]', lines), [0, 1])
  assert.deepEqual(matching('[ip, ..., status = 5* && status != 503, bytes]', lines), [1])
  assert.deepEqual(matching('[ip, user, ...]', lines), [0, 1])
  assert.deepEqual(matching('[..., request = *.html*, status=4*,]', lines), [0])
  assert.deepEqual(matching('[w1 = ERROR, w2]', ['ERROR now', 'ERROR just now']), [0])
  assert.deepEqual(matching('[..., code = %4[0-9]{2}%, size]', lines), [0])
})

test('what a pattern names is extracted', () => {
  const extracted = (pattern: string, text: string) =>
    parseFilterPattern(pattern).extracted(new LogText(text))
  assert.deepEqual(extracted('[..., request=*.html*, status_code=4*,]', lines[0] ?? ''), {
    $1: '127.0.0.1',
    $2: '-',
    $3: 'frank',
    $4: '10/Oct/2000:13:25:15 -0700',
    $request: 'GET /index.html HTTP/1.0',
    $status_code: '404',
    $7: '1534',
  })
  assert.deepEqual(extracted('{ $.latency = * && $.eventType = * }', user), {
    '$.latency': '55.5',
    '$.eventType': 'UpdateTrail',
  })
  const pattern = parseFilterPattern('[..., bytes]')
  assert.equal(referenceOf(pattern, '$bytes')?.(new LogText(lines[1] ?? '')), '5324')
  assert.equal(referenceOf(pattern, '$.objectList[0].id')?.(new LogText(user)), '1')
  assert.equal(referenceOf(pattern, 'bytes'), undefined)
})

test('what cannot be read is refused in words', () => {
  const fault = (pattern: string): string => {
    try {
      parseFilterPattern(pattern)
      return ''
    } catch (thrown) {
      assert.ok(thrown instanceof PatternFault, pattern)
      return thrown.message
    }
  }
  assert.equal(fault('?Status: timeout'), "Invalid character(s) in term ':'")
  assert.equal(fault('/foo'), "Invalid character(s) in term '/'")
  assert.equal(fault('[a'), "Invalid character(s) in term '['")
  assert.equal(fault('{ $."sc-status" = 5* }'), `Invalid character(s) in term '$."'`)
  for (const pattern of [
    '"open',
    '{ $.a }',
    '{ $.a = }',
    '{ a = 1 }',
    '{ $.a = 1 && }',
    '{ ($.a = 1 }',
    '{ $.a > x }',
    '{ }',
    '[a, ..., b, ...]',
    '[a = 1 b]',
    '[a = 1 || b = 2]',
    '%(a|b)%',
    '%a{9,1}%',
    '%open',
    '{ $.a = %a% || $.a = %b% || $.a = %c% }',
  ]) {
    assert.notEqual(fault(pattern), '', pattern)
  }
})

test('a regular expression finds what the language says, and no text makes it slow', () => {
  const finds = (source: string, text: string) => compileExpression(source)(text)
  for (const [source, text] of [
    ['gr[ae]y|colou?r', 'a color'],
    ['^10\\.10\\.', '10.10.0.1'],
    ['[0-9]{2,3}$', 'ab123'],
    ['[^a-z]+', 'abcD'],
    ['a\\*b', 'xa*b'],
    ['\\x41{2}', 'AA'],
    ['\\s\\w+\\d', ' ab1'],
  ] as const) {
    assert.ok(finds(source, text), source)
  }
  assert.ok(!finds('^b', 'ab'))
  assert.ok(!finds('a{3}', 'aa'))
  assert.ok(!finds('.*.*.*.*.*.*x$', 'a'.repeat(20_000)))
})

test('a regular expression finds just what JavaScript finds', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '\\d',
    'a*',
    'b+',
    '.?',
    'a{1,2}',
    '|',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('a', 'b', '1', 'c'), maxLength: 8 }),
      (pieces, text) => {
        const source = pieces.join('')
        assert.equal(compileExpression(source)(text), new RegExp(source, 's').test(text), source)
      },
    ),
  )
})
