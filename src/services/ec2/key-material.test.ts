import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importedKey, isPairOf, newKey } from './key-material.ts'

test('an RSA key is a pair, and its public half can be imported again', async () => {
  const key = await newKey('rsa')
  assert.ok(isPairOf(key.privateKey, key.publicKey))
  assert.match(key.fingerprint, /^([0-9a-f]{2}:){19}[0-9a-f]{2}$/)
  const imported = importedKey(`${key.publicKey} me@home`)
  assert.equal(imported?.type, 'rsa')
  assert.match(imported?.fingerprint ?? '', /^([0-9a-f]{2}:){15}[0-9a-f]{2}$/)
})

test('an ed25519 key has the fingerprint that its import has', async () => {
  const key = await newKey('ed25519')
  assert.match(key.privateKey, /^-----BEGIN OPENSSH PRIVATE KEY-----\n/)
  assert.equal(importedKey(key.publicKey)?.fingerprint, key.fingerprint)
})

test('what is not a public key is not imported', () => {
  for (const text of ['', 'ssh-rsa', 'ssh-rsa AAAA', 'ssh-dss AAAAB3NzaC1kc3M=', 'nonsense']) {
    assert.equal(importedKey(text), undefined, text)
  }
})
