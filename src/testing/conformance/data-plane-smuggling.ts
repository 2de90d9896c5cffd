import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DataPlane } from '../../balance/data-plane.ts'
import { httpDefault } from '../../balance/records.ts'
import { chunkAttacks, headAttacks } from './data-plane-attacks.ts'
import { answering, exchangeBytes, statusesOf, type BackendScript } from './data-plane-fixture.ts'
import { onStage } from './data-plane-stage.ts'

type Create = (gatewayId: string) => DataPlane

/** What an attacker hopes for: that this becomes a request which nobody has looked at. */
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
const chunkedHead = 'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'

const modes = [undefined, 'monitor', 'strictest'] as const

/** Of a plane that refuses whatever could be read in two ways; what has one meaning by rule only in the strictest mode. */
export function strictAttacks(create: Create): void {
  for (const desyncMode of modes) {
    const http = { ...httpDefault, ...(desyncMode && { desyncMode }) }
    test(`a request that could be read in two ways is refused and reaches no target (${desyncMode ?? 'defensive'})`, async () => {
      await onStage(
        create,
        [answering('ok')],
        async ({ port, backends }) => {
          for (const attack of headAttacks) {
            if (attack.isMended === true && desyncMode !== 'strictest') continue
            const text = await exchangeBytes(port, attack.bytes + smuggled)
            const [status, ...more] = statusesOf(text)
            assert.ok(
              status !== undefined && attack.statuses.includes(status),
              `${attack.name}: ${text.slice(0, 200)}`,
            )
            assert.deepEqual(more, [], `${attack.name}: answered more than once`)
          }
          assert.equal(backends[0]?.received, '')
        },
        { http },
      )
    })
  }

  for (const { name, body } of chunkAttacks) {
    test(`a chunked body with ${name} is refused, and what follows is no request`, async () => {
      await onStage(create, [() => undefined], async ({ port, backends }) => {
        const text = await exchangeBytes(port, chunkedHead + body + smuggled)
        assert.deepEqual(statusesOf(text), [400])
        assert.doesNotMatch(backends[0]?.received ?? '', /smuggled|0\r\n\r\n/)
      })
    })
  }
}

/** Of a plane that makes one meaning of what could be read in two ways: that meaning alone reaches a target, and in it no more requests than were answered. */
export function tolerantAttacks(create: Create): void {
  const answer: BackendScript = (socket, text) => {
    if (text.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  }
  test('a request that could be read in two ways is refused, or goes on with one meaning', async () => {
    await onStage(
      create,
      [answer],
      async ({ port, backends: [backend] }) => {
        for (const attack of headAttacks) {
          if (backend !== undefined) backend.received = ''
          const tail = attack.isFraming === true ? smuggled : ''
          const text = await exchangeBytes(port, attack.bytes + tail)
          const requests = requestsIn(backend?.received ?? '')
          assert.ok(requests.length <= 1, `${attack.name}: ${requests.join(' and ')}`)
          assert.ok(statusesOf(text).length <= 1 || attack.isFraming !== true, attack.name)
          assert.ok(!requests.includes('GET /smuggled'), attack.name)
        }
      },
      impatient,
    )
  })

  test('a chunked body that breaks the grammar is refused or mended, and what follows is no request', async () => {
    await onStage(
      create,
      [answer],
      async ({ port, backends: [backend] }) => {
        for (const { name, body } of chunkAttacks) {
          if (backend !== undefined) backend.received = ''
          const text = await exchangeBytes(port, chunkedHead + body + smuggled)
          const requests = requestsIn(backend?.received ?? '')
          assert.ok(requests.length <= 1, `${name}: ${requests.join(' and ')}`)
          assert.equal(statusesOf(text).length, 1, name)
        }
      },
      impatient,
    )
  })
}

/** What stands without a word is cut soon: whatever follows an answer has shown by then. */
const impatient = { idleTimeoutSeconds: 0.2 }

/** Method and target of each request, read as the strictest target would. */
function requestsIn(received: string): readonly string[] {
  const found: string[] = []
  let rest = received
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    const head = end < 0 ? rest : rest.slice(0, end)
    found.push(head.split(' ').slice(0, 2).join(' '))
    assert.equal(/content-length:[^]*transfer-encoding:|encoding:[^]*length:/i.test(head), false)
    if (end < 0) break
    rest = rest.slice(end + 4 + bodyLength(head, rest.slice(end + 4)))
  }
  return found
}

function bodyLength(head: string, rest: string): number {
  if (/transfer-encoding: chunked/i.test(head)) {
    let at = 0
    for (;;) {
      const size = /^([0-9a-f]+)\r\n/i.exec(rest.slice(at))
      if (size === null) return rest.length
      const length = Number.parseInt(size[1] ?? '0', 16)
      at += size[0].length + length + 2
      if (length > 0) continue
      // Trailers, if any, end as a head does.
      const end = rest.indexOf('\r\n\r\n', at - 4)
      return end < 0 ? rest.length : end + 4
    }
  }
  return Number(/content-length: ([0-9]+)/i.exec(head)?.[1] ?? 0)
}
