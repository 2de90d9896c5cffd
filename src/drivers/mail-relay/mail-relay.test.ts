import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Delivered } from '../../topics/delivery-ports.ts'
import { mailRelay, type MailRelayOptions } from './index.ts'

const mail = { to: 'reader@example.com', from: 'Site <site@example.com>', subject: 's', text: 't' }

/** One letter to a relay that answers these verbs so, and everything else with 250. */
async function sent(
  answers: Readonly<Record<string, string>>,
  credentials?: MailRelayOptions['credentials'],
): Promise<{ delivered: Delivered; heard: string[] }> {
  const heard: string[] = []
  const server = net.createServer((socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard.push(text)
      const verb = Object.keys(answers).find((each) => text.startsWith(each))
      socket.write(`${verb === undefined ? '250 fine' : answers[verb]}\r\n`)
    })
    socket.on('error', () => socket.destroy())
    socket.write('220 here\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const relay = mailRelay({ host: '127.0.0.1', port, isTls: false, credentials, from: undefined })
  const delivered = await relay.send(mail, new AbortController().signal)
  server.close()
  return { delivered, heard }
}

test('a letter is delivered when the relay took it', async () => {
  const { delivered, heard } = await sent({ DATA: '354 go on' })
  assert.deepEqual(delivered, { kind: 'delivered' })
  assert.ok(heard.some((text) => text.startsWith('MAIL FROM:<site@example.com>')))
  assert.ok(heard.some((text) => text.startsWith('RCPT TO:<reader@example.com>')))
})

test('what a relay refuses for good is refused, what may pass is tried again', async () => {
  assert.equal((await sent({ RCPT: '550 no such user' })).delivered.kind, 'refused')
  assert.equal((await sent({ RCPT: '451 later' })).delivered.kind, 'failed')
  assert.equal((await sent({ DATA: '554 not here' })).delivered.kind, 'refused')
})

test('a relay that does not take our name says nothing of the letter', async () => {
  const answers = { EHLO: '250-here\r\n250 AUTH PLAIN', AUTH: '535 who are you' }
  const { delivered, heard } = await sent(answers, { user: 'u', password: 'p' })
  assert.equal(delivered.kind, 'failed')
  assert.ok(!heard.some((text) => text.startsWith('MAIL')))
})

test('a relay that is not there is asked again later', async () => {
  const relay = { host: '127.0.0.1', port: 1, isTls: false, credentials: undefined }
  const port = mailRelay({ ...relay, from: undefined })
  const delivered = await port.send(mail, new AbortController().signal)
  assert.ok(delivered.kind === 'failed' && /ECONNREFUSED/.test(delivered.reason))
})
