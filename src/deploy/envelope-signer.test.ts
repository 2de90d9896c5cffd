import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { newIdentity, signedEnvelope } from './envelope-signer.ts'

const now = Date.UTC(2026, 10, 22)
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

test('the certificate is signed with its own key', () => {
  const certificate = new X509Certificate(Buffer.from(newIdentity(now).certificate, 'base64'))
  assert.ok(certificate.verify(certificate.publicKey))
})

test(
  'openssl reads the signed content, and refuses it when a byte is changed',
  { skip: hasOpenssl ? false : 'openssl is not installed' },
  () => {
    const content = JSON.stringify({ DeploymentId: 'd-ABCDEFGHI', long: 'x'.repeat(5000) })
    const envelope = signedEnvelope(content, newIdentity(now))
    const verify = ['smime', '-verify', '-noverify', '-inform', 'PEM']
    const read = execFileSync('openssl', verify, { input: envelope, stdio: 'pipe' })
    assert.equal(read.toString(), content)
    const der = Buffer.from(envelope.replaceAll(/-----.*-----|\n/g, ''), 'base64')
    der[der.indexOf('ABCDEFGHI')] = 0x5a
    const tampered = `-----BEGIN PKCS7-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END PKCS7-----\n`
    assert.notEqual(spawnSync('openssl', verify, { input: tampered }).status, 0)
  },
)
