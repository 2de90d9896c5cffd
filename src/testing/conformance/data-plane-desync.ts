import assert from 'node:assert/strict'
import { test } from 'node:test'
import { httpDefault } from '../../balance/records.ts'
import { exchangeBytes, statusesOf, until, type BackendScript } from './data-plane-fixture.ts'
import { onStage, type Create } from './data-plane-stage.ts'

const modes = ['monitor', 'defensive', 'strictest'] as const
type Outcome = 'kept' | 'closed' | 'refused'

interface Row {
  readonly name: string
  readonly bytes: string
  /** In monitor, defensive and strictest mode: whether the next request of the connection is served. */
  readonly outcomes: readonly [Outcome, Outcome, Outcome]
}

const host = 'Host: a\r\n'
const chunks = '3\r\nabc\r\n0\r\n\r\n'
const chunked = 'Transfer-Encoding: chunked\r\n'

/** By the classes that Elastic Load Balancing documents. */
const rows: readonly Row[] = [
  {
    name: 'a request as RFC 7230 wants it',
    bytes: `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`,
    outcomes: ['kept', 'kept', 'kept'],
  },
  {
    name: 'GET with a length of nothing',
    bytes: `GET / HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`,
    outcomes: ['kept', 'kept', 'refused'],
  },
  {
    name: 'a field beyond ASCII',
    bytes: `GET / HTTP/1.1\r\n${host}X-A: \xe9\r\n\r\n`,
    outcomes: ['kept', 'kept', 'refused'],
  },
  {
    name: 'GET with a length',
    bytes: `GET / HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`,
    outcomes: ['kept', 'closed', 'refused'],
  },
  {
    name: 'HEAD with chunks',
    bytes: `HEAD / HTTP/1.1\r\n${host}${chunked}\r\n${chunks}`,
    outcomes: ['kept', 'closed', 'refused'],
  },
  {
    name: 'a length that is said twice',
    bytes: `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
    outcomes: ['closed', 'closed', 'refused'],
  },
  {
    name: 'chunks beside a length',
    bytes: `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\n${chunked}\r\n${chunks}`,
    outcomes: ['closed', 'closed', 'refused'],
  },
  {
    name: 'what another reader could take for chunks',
    bytes: `POST / HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer_Encoding: chunked\r\n\r\nabc`,
    outcomes: ['closed', 'closed', 'refused'],
  },
]

const answer: BackendScript = (socket, text) => {
  if (/(\r\n\r\n|\nabc)$/.test(text)) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
}
const next = `GET /next HTTP/1.1\r\n${host}Connection: close\r\n\r\n`

/** What a plane does in each mode with what is not as RFC 7230 wants it, though it has one meaning. */
export function desyncModes(create: Create): void {
  for (const [index, desyncMode] of modes.entries()) {
    test(`in mode ${desyncMode} requests pass, end their connections or are refused, and are counted`, async () => {
      const http = desyncMode === 'defensive' ? { ...httpDefault } : { ...httpDefault, desyncMode }
      await onStage(
        create,
        [answer],
        async ({ plane, port, backends: [backend] }) => {
          for (const { name, bytes, outcomes } of rows) {
            if (backend !== undefined) backend.received = ''
            const before = new Set(backend?.sockets)
            const text = await exchangeBytes(port, bytes + next)
            const outcome = outcomes[index]
            const expected = { kept: [200, 200], closed: [200], refused: [400] }[outcome ?? 'kept']
            assert.deepEqual(statusesOf(text), expected, name)
            const received = backend?.received ?? ''
            assert.equal(received.includes('/next'), outcome === 'kept', name)
            if (outcome === 'closed') {
              const hasLeft = () => [...(backend?.sockets ?? [])].every((one) => before.has(one))
              await until('the target’s connection is closed', hasLeft)
            }
            if (outcome === 'refused') assert.equal(received, '', name)
            assert.doesNotMatch(received, /transfer_encoding/i, name)
            assert.doesNotMatch(received, /content-length:[^]*(content-length|encoding):/i, name)
          }
          const counted = () =>
            plane.report().traffic?.find(({ nonCompliant = 0 }) => nonCompliant === rows.length - 1)
          await until('all are counted', () => counted() !== undefined)
        },
        { http },
      )
    })
  }
}
