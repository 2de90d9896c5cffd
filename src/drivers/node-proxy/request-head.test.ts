import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { forwardHead } from './forward-head.ts'
import { parseRequestHead, type RequestHead } from './request-head.ts'

const words = [
  'GET / HTTP/1.1\r\n',
  'POST /a?b=c HTTP/1.1\r\n',
  'PUT /x HTTP/1.0\r\n',
  'HEAD http://a/b HTTP/1.1\r\n',
  'Host: a\r\n',
  'host:b\r\n',
  'Content-Length: 3\r\n',
  'Content-Length: 0\r\n',
  'content-length : 3\r\n',
  'Content-Length: 3, 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Transfer-Encoding : chunked\r\n',
  'transfer-encoding:\tchunked \r\n',
  'X-A: b\r\n c: d\r\n',
  'X-A: \x00\r\n',
  'X-A: b\rc\r\n',
  'X-A: b\n',
  'Connection: keep-alive, X-A\r\n',
  'Connection: close\r\n',
  'X-A: \xff\r\n',
  'Expect: 100-continue\r\n',
  '\r\n',
  ' ',
  '\t',
  '\n',
]

/** Heads that are mostly well-formed, with what attackers put into them. */
const heads = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...words.slice(0, 4)),
      fc.array(fc.constantFrom(...words), { maxLength: 6 }),
    )
    .map(([line, rest]) => line + rest.join('')),
  fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
)

function forwarded(head: RequestHead): string {
  let framing = ''
  if (head.framing === -1) framing = 'Transfer-Encoding: chunked\r\n'
  else if (head.framing > 0) framing = `Content-Length: ${head.framing}\r\n`
  return `${forwardHead(head, { omitted: new Set(), added: '' })}${framing}\r\n`
}

describe('request heads', () => {
  test('what is accepted has one framing, one line per header and no control characters', () => {
    fc.assert(
      fc.property(heads, (text) => {
        const head = parseRequestHead(text)
        if ('status' in head) return
        assert.ok(head.framing >= -1)
        // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
        const control = /[\x00-\x08\x0a-\x1f\x7f]/
        for (const [name, value] of head.headers) assert.doesNotMatch(name + value, control)
        const again = parseRequestHead(forwarded(head).slice(0, -2))
        assert.ok(!('status' in again), 'what we write we would accept')
        assert.equal(again.framing, head.framing)
        assert.deepEqual(again.headers, head.headers)
      }),
      { numRuns: 5000 },
    )
  })

  test('bytes that are not a head never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        parseRequestHead(text)
      }),
    )
  })
})

describe('beside Node’s own parser', () => {
  const seen: { method: string; url: string; host: string; body: string }[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const entry = { method, url, host: headers.host ?? '', body: '' }
    seen.push(entry)
    request.on('data', (chunk: Buffer) => (entry.body += String(chunk)))
    request.on('end', () => response.end())
  })

  before(
    () =>
      new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      }),
  )

  after(() => {
    server.closeAllConnections()
    server.close()
  })

  test('every head that we pass on is read by Node as the same single request', async () => {
    const sound = fc
      .tuple(
        fc.constantFrom(...words.slice(0, 4)),
        fc.array(fc.constantFrom(...words.slice(4)), { maxLength: 5 }),
      )
      .map(([line, rest]) => line + rest.join(''))
    const samples = fc.sample(sound, { numRuns: 3000, seed: 7 })
    let passed = 0
    for (const text of samples) {
      const head = parseRequestHead(text)
      if ('status' in head || head.host === '') continue
      passed++
      seen.length = 0
      const body = head.framing === -1 ? '3\r\nabc\r\n0\r\n\r\n' : 'x'.repeat(head.framing)
      const last = 'GET /last HTTP/1.1\r\nHost: end\r\nConnection: close\r\n\r\n'
      await send(forwarded(head) + body + last)
      assert.deepEqual(seen[0], {
        method: head.method,
        url: head.target,
        host: head.host,
        body: head.framing === -1 ? 'abc' : body,
      })
      assert.equal(seen[1]?.url, '/last', text)
    }
    assert.ok(passed > 100, `only ${passed} heads were accepted`)
  })

  function send(bytes: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo
      const socket = connect({ port, host: '127.0.0.1' })
      socket.on('error', reject)
      socket.on('close', () => resolve())
      socket.resume()
      socket.write(bytes, 'latin1')
    })
  }
})
