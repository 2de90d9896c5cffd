import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSuspicious, verdictOn } from './desync.ts'
import { parseRequestHead } from './request-head.ts'

function classOf(line: string, headers: string): string {
  const head = parseRequestHead(`${line} HTTP/1.1\r\nHost: a\r\n${headers}`)
  return 'status' in head ? String(head.status) : (head.classification ?? ['-']).join(' ')
}

test('heads are classified in Elastic Load Balancing’s words, from the gravest on', () => {
  const length = 'Content-Length: 3\r\n'
  const chunks = 'Transfer-Encoding: chunked\r\n'
  assert.equal(classOf('POST /', length), '-')
  assert.equal(classOf('POST /', chunks), '-')
  assert.equal(classOf('GET /', 'Accept-Encoding: chunked\r\n'), '-')
  assert.equal(classOf('GET /', 'Content-Length: 00\r\n'), 'Acceptable GetHeadZeroContentLength')
  assert.equal(classOf('HEAD /', length), 'Ambiguous UndefinedContentLengthSemantics')
  assert.equal(classOf('GET /', chunks), 'Ambiguous UndefinedTransferEncodingSemantics')
  assert.equal(classOf('GET /', length + length), 'Ambiguous DuplicateContentLength')
  assert.equal(classOf('POST /', length + chunks), 'Ambiguous BothTeClPresent')
  assert.equal(classOf('POST /', 'Content_Length: 3\r\n'), 'Ambiguous SuspiciousHeader')
  assert.equal(classOf('POST /\xe9', ''), '-')
  assert.equal(classOf('POST /', 'X: \xe9\r\n'), 'Acceptable NonCompliantHeader')
})

test('what has no one meaning is refused, also beside what has', () => {
  const chunks = 'Transfer-Encoding: chunked\r\n'
  for (const headers of [
    'Content-Length: 3\r\nContent-Length: 4\r\n',
    'Content-Length: 3\r\nContent-Length: 03\r\n',
    `Content-Length: 3, 3\r\n`,
    `Content-Length: x\r\n${chunks}`,
    `Content-Length: 3\r\nContent-Length: 4\r\n${chunks}`,
    `Content-Length: 3\r\n${chunks}${chunks}`,
    'Content-Length: 3\r\nTransfer-Encoding: chunked, chunked\r\n',
  ]) {
    assert.equal(classOf('POST /', headers), '400', headers)
  }
})

test('only other spellings of framing are suspicious', () => {
  for (const name of ['Transfer_Encoding', 'transferencoding', '-Content-Length', 'CONTENT.LENGTH'])
    assert.equal(isSuspicious(name), true, name)
  for (const name of [
    'Transfer-Encoding',
    'content-length',
    'Content-Encoding',
    'X-Content-Length',
  ])
    assert.equal(isSuspicious(name), false, name)
})

test('a mode says what passes, what ends its connections and what is refused', () => {
  const classes = [
    ['Acceptable', 'NonCompliantHeader'],
    ['Ambiguous', 'UndefinedContentLengthSemantics'],
    ['Ambiguous', 'BothTeClPresent'],
    ['Severe', 'BadHeader'],
  ] as const
  const verdicts = (mode: Parameters<typeof verdictOn>[0]) =>
    classes.map((one) => verdictOn(mode, one)).join(' ')
  assert.equal(verdicts('monitor'), 'pass pass close refuse')
  assert.equal(verdicts(undefined), 'pass close close refuse')
  assert.equal(verdicts('strictest'), 'refuse refuse refuse refuse')
})
