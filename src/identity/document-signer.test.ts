import assert from 'node:assert/strict'
import { createVerify, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { certificateAuthority } from './certificate-authority.ts'
import { createDocumentSigner } from './document-signer.ts'
import { contentsOf } from './distinguished-encoding.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { seededRandom } from '../testing/seeded-random.ts'

test('a document is signed by a key that the installation vouches for, and the same one after a restart', async () => {
  const context = { store: memoryStore(), clock: manualClock(), random: seededRandom(1) }
  const document = JSON.stringify({ instanceId: 'i-1' }, null, 2)
  const signer = createDocumentSigner(context)
  const { signature, pkcs7 } = (await signer.opened())(document)
  const [, wrapped] = contentsOf(Buffer.from(pkcs7, 'base64'))
  const [content] = contentsOf(wrapped!)
  const [, , inner, certificates] = contentsOf(content!)
  const [, explicit] = contentsOf(inner!)
  const [text] = contentsOf(explicit!)
  assert.ok(text?.toString().endsWith(document))
  const certificate = new X509Certificate(contentsOf(certificates!)[0]!)
  const authority = await certificateAuthority(context.store, 0, context.random)
  assert.ok(certificate.verify(new X509Certificate(authority.pem).publicKey))
  const verify = createVerify('sha256').update(document)
  assert.ok(verify.verify(certificate.publicKey, signature, 'base64'))
  assert.ok(await signer.verify(document, signature))
  assert.equal(await signer.verify(`${document} `, signature), false)
  const again = await createDocumentSigner(context).opened()
  assert.equal(again(document).signature, signature)
})
