import net from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export interface Letter {
  readonly from: string
  readonly to: string
  readonly headers: string
  readonly body: string
}

export interface MailServer {
  readonly url: string
  readonly letters: Letter[]
  close(): void
}

/** A small SMTP server, enough of RFC 5321 for a relay's client. `answer` to RCPT: 250 unless it says otherwise. */
export async function startMailServer(
  answer: (to: string) => string = () => '250 fine',
): Promise<MailServer> {
  const letters: Letter[] = []
  const server = net.createServer((socket) => {
    let pending = ''
    let isData = false
    let [from, to] = ['', '']
    const say = (line: string): void => void socket.write(`${line}\r\n`)
    const obey = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase()
      const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
      if (verb === 'EHLO') return say('250-here\r\n250 8BITMIME')
      if (verb === 'MAIL') from = address
      if (verb === 'RCPT') {
        to = address
        return say(answer(to))
      }
      if (verb === 'DATA') isData = true
      if (verb === 'QUIT') return void socket.end('221 bye\r\n')
      say(verb === 'DATA' ? '354 go on' : '250 fine')
    }
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      pending += chunk
      for (;;) {
        const end = isData ? '\r\n.\r\n' : '\r\n'
        const at = pending.indexOf(end)
        if (at < 0) return
        const text = pending.slice(0, at)
        pending = pending.slice(at + end.length)
        if (!isData) {
          obey(text)
          continue
        }
        isData = false
        const [headers = '', ...rest] = text.replaceAll('\r\n..', '\r\n.').split('\r\n\r\n')
        letters.push({ from, to, headers, body: rest.join('\r\n\r\n') })
        say('250 taken')
      }
    })
    socket.on('error', () => socket.destroy())
    say('220 here')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, letters, close: () => void server.close() }
}
