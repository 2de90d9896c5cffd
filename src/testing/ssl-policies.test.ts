import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { before, describe, it } from 'node:test'
import { connect, type SecureVersion } from 'node:tls'
import { sslPolicies, versionsOf } from '../balance/ssl-policies.ts'
import { TlsFront } from '../drivers/node-proxy/tls-front.ts'
import { certificateAuthority, issueCertificate } from '../identity/certificate-authority.ts'
import type { TlsCertificate } from '../protocol/gateway.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

const versions: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

describe('predefined security policies', () => {
  let certificate: TlsCertificate

  before(async () => {
    const random = seededRandom(3)
    const now = Date.now()
    const authority = await certificateAuthority(memoryStore(), now, random)
    const validity = { notBefore: now - 86_400_000, notAfter: now + 86_400_000 }
    const order = { names: ['x.test'], keyAlgorithm: 'EC_prime256v1' as const, ...validity }
    const { pem, privateKey } = await issueCertificate(authority, order, random)
    certificate = { names: ['x.test'], certificate: pem, privateKey }
  })

  /** The cipher that a client gets who speaks one version alone. */
  function shake(port: number, version: SecureVersion): Promise<string | undefined> {
    return new Promise((resolve) => {
      const socket = connect({
        ...{ host: '127.0.0.1', port, servername: 'x.test', rejectUnauthorized: false },
        ...{ minVersion: version, maxVersion: version },
        ciphers: 'DEFAULT@SECLEVEL=0:TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256',
      })
      socket.once('error', () => resolve(undefined))
      socket.once('secureConnect', () => {
        resolve(socket.getCipher().name)
        socket.destroy()
      })
    })
  }

  it('each speaks its versions and no other, with the first cipher of its list that fits', async () => {
    for (const [name, policy] of Object.entries(sslPolicies)) {
      const front = new TlsFront()
      front.apply({ ...policy, certificates: [certificate] })
      const server = createServer((socket) => {
        const inside = front.wrap(socket, Buffer.alloc(0), ['http/1.1'])
        inside?.on('error', () => undefined).resume()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      for (const version of versions) {
        const cipher = await shake(port, version)
        const what = `${name} ${version}`
        assert.equal(cipher !== undefined, versionsOf(policy).includes(version as never), what)
        if (version === 'TLSv1.3' && cipher) assert.equal(cipher, 'TLS_AES_128_GCM_SHA256', what)
        if (version === 'TLSv1.2' && cipher) {
          assert.equal(cipher, 'ECDHE-ECDSA-AES128-GCM-SHA256', what)
        }
        if (cipher) assert.ok(policy.ciphers.includes(cipher), what)
      }
      server.close()
    }
  })
})
