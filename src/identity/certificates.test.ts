import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { computeWorld } from '../testing/compute-world.ts'
import { createCertificates } from './certificates.ts'
import { readCertificate } from './read-certificate.ts'

test('an issued certificate names its domains and is signed by the authority of its chain', async () => {
  const { context, scope, close } = await computeWorld()
  try {
    const engine = createCertificates(context)
    for (const keyAlgorithm of ['RSA_2048', 'EC_prime256v1'] as const) {
      const names = ['example.test', '*.example.test']
      const made = await engine.request(scope, {
        names,
        keyAlgorithm,
        token: keyAlgorithm,
        tags: [],
      })
      const authority = new X509Certificate(made.chain)
      const certificate = new X509Certificate(made.pem)
      assert.ok(certificate.verify(authority.publicKey))
      assert.ok(certificate.checkIssued(authority))
      assert.ok(authority.ca && !certificate.ca)
      assert.equal(certificate.checkHost('www.example.test'), '*.example.test')
      assert.equal(certificate.checkHost('other.test'), undefined)
      assert.deepEqual([made.keyAlgorithm, made.names], [keyAlgorithm, names])
      assert.equal(readCertificate(made.pem, made.privateKey, made.chain).ok, true)
      const again = await engine.request(scope, {
        names,
        keyAlgorithm,
        token: keyAlgorithm,
        tags: [],
      })
      assert.equal(again.certificateId, made.certificateId)
    }
    const [one, two] = await engine.list(scope)
    assert.equal(one?.chain, two?.chain)
    assert.equal(readCertificate(one?.pem ?? '', two?.privateKey ?? '', '').ok, false)
    assert.equal(readCertificate('-', one?.privateKey ?? '', '').ok, false)
    assert.equal(readCertificate(one?.pem ?? '', one?.privateKey ?? '', two?.pem ?? '').ok, false)
  } finally {
    await close()
  }
})
