import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { AccessLogFile, ListenerSpec } from '../protocol/gateway.ts'
import { AccessLogBook } from './access-log-book.ts'

const listener: ListenerSpec = {
  ...{ id: 'app/web/1/2', balancerId: 'app/web/1', address: '10.0.0.9', port: 80 },
  ...{ protocol: 'http', allowedCidrs: [], rules: [], idleTimeoutSeconds: 60 },
  accessLog: {
    ...{ form: 'application', balancerName: 'app/web/1', dnsName: 'web.test' },
    ...{ periodSeconds: 300, groupArns: {}, priorities: {} },
  },
}
const unlogged = { generation: 1, gatewayId: 'gw-1', zone: 'a', listeners: [], targetGroups: [] }

function within(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ek-book-'))
  return body(folder).finally(() => rmSync(folder, { recursive: true, force: true }))
}

test('lines outlive a gateway and a server that are away, and are sent once they are taken', () =>
  within(async (folder) => {
    const sent: AccessLogFile[] = []
    let isAway = true
    const options = {
      folder,
      log: { write: () => undefined },
      async send(file: AccessLogFile) {
        if (isAway) throw new Error('away')
        sent.push(file)
      },
    }
    const before = new AccessLogBook(options)
    before.write(listener, 'first')
    before.write(listener, 'second')
    await before.close()
    assert.match(readdirSync(folder).join(), /^[\w-]+\.open$/)
    const after = new AccessLogBook(options)
    after.follow(unlogged)
    await after.look()
    assert.match(readdirSync(folder).join(), /^[\w-]+\.\d+\.[0-9a-f]{8}\.ready$/)
    isAway = false
    await after.look()
    assert.deepEqual(readdirSync(folder), [])
    await after.close()
    const [file] = sent
    assert.equal(sent.length, 1)
    assert.deepEqual([file?.balancerId, file?.address], ['app/web/1', '10.0.0.9'])
    const text = gunzipSync(Buffer.from(file?.content ?? '', 'base64')).toString()
    assert.equal(text, 'first\nsecond\n')
  }))

test('a file ends with its period, and lines beyond the bound are dropped and told', () =>
  within(async (folder) => {
    const told: string[] = []
    const book = new AccessLogBook({
      folder,
      log: { write: (_level, message) => void told.push(message) },
      send: async () => undefined,
    })
    const long = 'x'.repeat(3 * 1024 * 1024)
    book.write(listener, long)
    book.write(listener, long)
    await book.look()
    assert.deepEqual(told, ['lines of access logs were dropped'])
    assert.match(readdirSync(folder).join(), /^[\w-]+\.open$/)
    for (let each = 0; each < 2; each++) {
      book.write(listener, long)
      await book.look()
    }
    // Three of them are more than one file holds.
    assert.deepEqual(readdirSync(folder), [])
    await book.close()
  }))
