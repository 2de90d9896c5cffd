import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateAuthority, issueCertificate } from '../../identity/certificate-authority.ts'
import { identityWorld } from '../../testing/identity-world.ts'
import { seededRandom } from '../../testing/seeded-random.ts'

const arnOf = (name: string) => `arn:aws:iam::000000000000:server-certificate/${name}`

async function world() {
  const shown = new Set<string>()
  const { iam, store } = identityWorld({
    certificateUsers: async (_account, arns) => arns.filter((arn) => shown.has(arn)),
  })
  const random = seededRandom(9)
  const authority = await certificateAuthority(store, Date.now(), random)
  const day = 24 * 3600 * 1000
  const issue = (name: string) => {
    const validity = { notBefore: Date.now() - day, notAfter: Date.now() + day }
    const order = { names: [name], keyAlgorithm: 'EC_prime256v1' as const, ...validity }
    return issueCertificate(authority, order, random)
  }
  const { pem, privateKey } = await issue('web.test')
  const web = {
    ...{ ServerCertificateName: 'web', CertificateBody: pem, PrivateKey: privateKey },
    CertificateChain: authority.pem,
  }
  return { iam, shown, issue, web }
}

test('a certificate is uploaded, shown without its key, listed, tagged and deleted', async () => {
  const { iam, web } = await world()
  const made = await iam<{ ServerCertificateMetadata: Record<string, unknown> }>(
    'UploadServerCertificate',
    { ...web, Path: '/site/', Tags: [{ Key: 'a', Value: '1' }] },
  )
  const { Arn, ServerCertificateId, Path } = made.ServerCertificateMetadata
  assert.equal(Arn, arnOf('site/web'))
  assert.match(String(ServerCertificateId), /^ASCA[A-Z2-7]{17}$/)
  assert.equal(Path, '/site/')
  const { ServerCertificate: found } = await iam<{ ServerCertificate: Record<string, unknown> }>(
    'GetServerCertificate',
    { ServerCertificateName: 'web' },
  )
  assert.deepEqual(found['CertificateBody'], web.CertificateBody)
  assert.deepEqual(found['CertificateChain'], web.CertificateChain)
  assert.equal(JSON.stringify(found).includes('PRIVATE KEY'), false)
  const list = async (PathPrefix: string) =>
    (
      await iam<{ ServerCertificateMetadataList: object[] }>('ListServerCertificates', {
        PathPrefix,
      })
    ).ServerCertificateMetadataList.length
  assert.deepEqual([await list('/site/'), await list('/other/')], [1, 0])
  await iam('UntagServerCertificate', { ServerCertificateName: 'web', TagKeys: ['a'] })
  const tags = await iam<{ Tags: object[] }>('ListServerCertificateTags', {
    ServerCertificateName: 'web',
  })
  assert.deepEqual(tags.Tags, [])
  await iam('DeleteServerCertificate', { ServerCertificateName: 'web' })
  await assert.rejects(iam('GetServerCertificate', { ServerCertificateName: 'web' }), {
    code: 'NoSuchEntityException',
    message: 'The Server Certificate with name web cannot be found.',
  })
})

test('what is no certificate, or not with this key, is refused', async () => {
  const { iam, web, issue } = await world()
  const upload = (change: object) => iam('UploadServerCertificate', { ...web, ...change })
  const { privateKey } = await issue('other.test')
  await assert.rejects(upload({ PrivateKey: privateKey }), { code: 'KeyPairMismatchException' })
  await assert.rejects(upload({ CertificateBody: 'x' }), { code: 'MalformedCertificateException' })
  await assert.rejects(upload({ CertificateChain: 'x' }), { code: 'MalformedCertificateException' })
  await upload({})
  await assert.rejects(upload({ ServerCertificateName: 'WEB' }), {
    code: 'EntityAlreadyExistsException',
  })
})

test('one that a listener shows stays, also under the name of before', async () => {
  const { iam, web, shown } = await world()
  await iam('UploadServerCertificate', web)
  shown.add(arnOf('web'))
  const rename = { ServerCertificateName: 'web', NewServerCertificateName: 'new', NewPath: '/p/' }
  await iam('UpdateServerCertificate', rename)
  const { ServerCertificate: found } = await iam<{
    ServerCertificate: { ServerCertificateMetadata: { Arn: string } }
  }>('GetServerCertificate', { ServerCertificateName: 'new' })
  assert.equal(found.ServerCertificateMetadata.Arn, arnOf('p/new'))
  await assert.rejects(iam('DeleteServerCertificate', { ServerCertificateName: 'new' }), {
    code: 'DeleteConflictException',
    message: /^Certificate: ASCA\w+ is currently in use by arn:.*Please remove it first/,
  })
  await assert.rejects(iam('UploadServerCertificate', web), {
    code: 'EntityAlreadyExistsException',
  })
  shown.clear()
  await iam('UploadServerCertificate', web)
  await iam('DeleteServerCertificate', { ServerCertificateName: 'new' })
})
