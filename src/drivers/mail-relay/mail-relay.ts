import { reasonOf } from '../../kernel/errors.ts'
import type { Delivered, Mail, MailPort } from '../../topics/delivery-ports.ts'

export interface MailRelayOptions {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (`smtps:`). */
  readonly isTls: boolean
  readonly credentials: { readonly user: string; readonly password: string } | undefined
  /** The sender's address; absent: the letter's own. */
  readonly from: string | undefined
}

/** Of each step of a conversation with a relay. */
const stepMilliseconds = 15_000

const loopback = /^(127\.\d+\.\d+\.\d+|::1|\[::1\]|localhost)$/

/** Letters through a relay. Nothing of it is loaded before the first letter. */
export function mailRelay(options: MailRelayOptions): MailPort {
  return {
    async send(mail, signal) {
      const sent = transmit(options, mail)
      const stopped = new Promise<Delivered>((resolve) => {
        const stop = (): void => resolve({ kind: 'failed', reason: 'the server stops' })
        signal.addEventListener('abort', stop, { once: true })
      })
      return Promise.race([sent, stopped])
    },
  }
}

async function transmit(options: MailRelayOptions, mail: Mail): Promise<Delivered> {
  const { host, port, isTls, credentials } = options
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    ...{ host, port, secure: isTls },
    ...{ connectionTimeout: stepMilliseconds, greetingTimeout: stepMilliseconds },
    socketTimeout: stepMilliseconds,
    ...(credentials && { auth: { user: credentials.user, pass: credentials.password } }),
    requireTLS: credentials !== undefined && !isTls && !loopback.test(host),
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  const from = senderOf(mail, options.from)
  try {
    await transport.sendMail({
      from,
      to: { name: '', address: mail.to },
      envelope: { from: from.address, to: [mail.to] },
      ...{ subject: mail.subject, text: mail.text },
    })
    return { kind: 'delivered' }
  } catch (thrown) {
    return undelivered(thrown, `${host}:${port}`)
  } finally {
    transport.close()
  }
}

/** `Name <address>` with the address that the relay is to see. */
function senderOf({ from }: Mail, address: string | undefined): { name: string; address: string } {
  const [, name = '', own = from] = /^(.*) <([^<>]*)>$/s.exec(from) ?? []
  return { name, address: address ?? own }
}

function undelivered(thrown: unknown, relay: string): Delivered {
  const { responseCode, code } = thrown as { responseCode?: unknown; code?: unknown }
  const reason = `mail relay ${relay}: ${reasonOf(thrown)}`
  // That the relay does not take our name says nothing of the letter.
  const isFinal = typeof responseCode === 'number' && responseCode >= 500 && code !== 'EAUTH'
  return { kind: isFinal ? 'refused' : 'failed', reason }
}
