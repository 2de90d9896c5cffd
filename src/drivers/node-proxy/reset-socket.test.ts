import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test } from 'node:test'
import { resetSocket } from './reset-socket.ts'

test('a socket is closed when it is reset, also while its end is under way', async () => {
  const server = createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const saysEnd of [false, true]) {
    const client = connect(port, '127.0.0.1').on('error', () => undefined)
    const [socket] = (await once(server, 'connection')) as [Socket]
    const closed = once(socket, 'close')
    if (saysEnd) socket.end('bye')
    resetSocket(socket)
    await closed
    assert.ok(socket.destroyed)
    client.destroy()
  }
  server.close()
  await once(server, 'close')
})

test('a Unix socket, which knows no reset, is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-reset-'))
  const server = createServer({ allowHalfOpen: true }).listen(join(folder, 'door.sock'))
  await once(server, 'listening')
  const client = connect(join(folder, 'door.sock'))
  const [socket] = (await once(server, 'connection')) as [Socket]
  const ended = once(client.resume(), 'close')
  resetSocket(socket)
  await ended
  server.close()
  await once(server, 'close')
  rmSync(folder, { recursive: true })
})
