import assert from 'node:assert/strict'
import { once } from 'node:events'
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
