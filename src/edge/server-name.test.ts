import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { readServerName } from './server-name.ts'

/** What a client of Node's says first. */
async function greeting(servername: string | undefined): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({ host: '127.0.0.1', port, ...(servername && { servername }) })
  client.on('error', () => undefined)
  const [socket] = await once(server, 'connection')
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

test('the name is read once the greeting is there, however it is cut', async () => {
  const bytes = await greeting('WWW.Example.test')
  assert.deepEqual(readServerName(bytes), { is: 'read', name: 'www.example.test' })
  for (let size = 0; size < bytes.length; size++) {
    assert.deepEqual(readServerName(bytes.subarray(0, size)), { is: 'unfinished' }, `${size}`)
  }
  const more = Buffer.concat([bytes, Buffer.from('later')])
  assert.equal(readServerName(more.subarray(0, bytes.length + 4)).is, 'read')
  assert.deepEqual(readServerName(await greeting(undefined)), { is: 'read', name: undefined })
})

test('what is no greeting is foreign, and nothing throws', async () => {
  assert.equal(readServerName(Buffer.from('GET / HTTP/1.1\r\n')).is, 'foreign')
  const bytes = await greeting('a.test')
  for (let at = 0; at < bytes.length; at++) {
    for (const value of [0, 0xff]) {
      const broken = Buffer.from(bytes)
      broken[at] = value
      assert.match(readServerName(broken).is, /read|foreign|unfinished/)
    }
  }
})
