import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls'
import type { TlsSpec } from '../../protocol/gateway.ts'

interface Shown {
  readonly names: readonly string[]
  readonly context: SecureContext
}

/** What OpenSSL is told; versions that it takes for too weak need its leave. */
function ciphersOf({ ciphers, minVersion, isClientOrdered }: TlsSpec): {
  ciphers?: string
  honorCipherOrder?: boolean
} {
  if (ciphers === undefined) return {}
  const isOld = minVersion === 'TLSv1' || minVersion === 'TLSv1.1'
  const words = isOld ? [...ciphers, '@SECLEVEL=0'] : ciphers
  return { ciphers: words.join(':'), honorCipherOrder: isClientOrdered !== true }
}

/** Ends TLS before HTTP: a certificate by the name that the client asks for, the first one when it asks for none that we know. */
export class TlsFront {
  private text = ''
  private shown: readonly Shown[] = []

  /** Takes the certificates over; connections that stand keep theirs. */
  apply(spec: TlsSpec): void {
    const text = JSON.stringify(spec)
    if (text === this.text) return
    this.text = text
    const { minVersion, maxVersion } = spec
    const how = { minVersion, maxVersion, ...ciphersOf(spec) }
    this.shown = spec.certificates.map(({ names, certificate, privateKey }) => ({
      names,
      context: createSecureContext({ cert: certificate, key: privateKey, ...how }),
    }))
  }

  /** The connection inside; `firstBytes` of the client were read already. */
  wrap(socket: Socket, firstBytes: Buffer, protocols?: string[]): TLSSocket | undefined {
    const [first] = this.shown
    if (first === undefined) {
      socket.destroy()
      return undefined
    }
    if (firstBytes.length > 0) {
      socket.pause()
      socket.unshift(firstBytes)
    }
    const inside = new TLSSocket(socket, {
      isServer: true,
      secureContext: first.context,
      // Without any, what clients would speak inside is their own matter.
      ...(protocols && { ALPNProtocols: protocols }),
      SNICallback: (name, done) => done(null, this.contextFor(name.toLowerCase()) ?? first.context),
    })
    socket.on('error', () => inside.destroy())
    return inside
  }

  private contextFor(name: string): SecureContext | undefined {
    const wildcard = `*${name.slice(name.indexOf('.'))}`
    const found =
      this.shown.find((one) => one.names.includes(name)) ??
      this.shown.find((one) => one.names.includes(wildcard))
    return found?.context
  }
}
