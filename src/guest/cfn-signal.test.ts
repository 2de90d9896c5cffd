import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cfnSignal } from './cfn-signal.ts'

const instanceId = 'i-0123456789abcdef0'

test('a signal carries its instance’s id, though metadata does not know the machine at first', async () => {
  const signals: (string | null)[] = []
  let unknown = 1
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://metadata')
    if (url.searchParams.get('Action') === 'SignalResource') {
      signals.push(url.searchParams.get('UniqueId'))
      response.end('{}')
    } else if (url.pathname.endsWith('/instance-id')) {
      response.writeHead(unknown-- > 0 ? 404 : 200).end(instanceId)
    } else response.end('x')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const root = mkdtempSync(join(tmpdir(), 'ek-signal-'))
  try {
    const endpoint = `http://127.0.0.1:${port}`
    const code = await cfnSignal(['-e', '0', '--stack', 's', '--resource', 'Server'], {
      ...{ EVENKEEL_ROOT: root, AWS_ENDPOINT_URL: endpoint },
      AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
    })
    assert.equal(code, 0)
    assert.deepEqual(signals, [instanceId])
  } finally {
    server.closeAllConnections()
    server.close()
    rmSync(root, { recursive: true, force: true })
  }
})
