import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  DescribeCertificateResponse,
  GetCertificateResponse,
  ImportCertificateResponse,
  ListCertificatesResponse,
  ListTagsForCertificateResponse,
  RequestCertificateResponse,
} from '@aws-sdk/client-acm'
import type { BalancerListener } from '../../balance/records.ts'
import { certificates, createCertificates } from '../../identity/certificates.ts'
import type { Service } from '../../wire/service.ts'
import { computeWorld } from '../../testing/compute-world.ts'
import { call } from '../../testing/fake-request.ts'
import { acmService } from './index.ts'

async function within(
  body: (
    service: Service,
    world: { users: BalancerListener[]; key: () => Promise<string> },
  ) => Promise<void>,
): Promise<void> {
  const { context, scope, close } = await computeWorld()
  const users: BalancerListener[] = []
  const service = acmService({
    certificates: createCertificates(context),
    clock: context.clock,
    listeners: { list: async () => users },
  })
  const key = async (): Promise<string> =>
    (await context.store.list(certificates, scope))[0]?.value.privateKey ?? ''
  try {
    await body(service, { users, key })
  } finally {
    await close()
  }
}

test('a certificate is issued at once, listed, tagged, and deleted when nobody shows it', async () => {
  await within(async (service, { users }) => {
    const { CertificateArn = '' } = await call<RequestCertificateResponse>(
      service,
      'RequestCertificate',
      {
        DomainName: 'Example.test',
        SubjectAlternativeNames: ['*.example.test'],
        ValidationMethod: 'DNS',
        Tags: [{ Key: 'a', Value: '1' }],
      },
    )
    const described = await call<DescribeCertificateResponse>(service, 'DescribeCertificate', {
      CertificateArn,
    })
    assert.equal(described.Certificate?.Status, 'ISSUED')
    assert.deepEqual(described.Certificate?.SubjectAlternativeNames, [
      'example.test',
      '*.example.test',
    ])
    const { CertificateSummaryList } = await call<ListCertificatesResponse>(
      service,
      'ListCertificates',
      { CertificateStatuses: ['ISSUED'] },
    )
    assert.equal(CertificateSummaryList?.[0]?.CertificateArn, CertificateArn)
    await call(service, 'AddTagsToCertificate', {
      CertificateArn,
      Tags: [{ Key: 'b', Value: '2' }],
    })
    const Tags = [{ Key: 'a' }, { Key: 'b', Value: 'other' }]
    await call(service, 'RemoveTagsFromCertificate', { CertificateArn, Tags })
    const tags = await call<ListTagsForCertificateResponse>(service, 'ListTagsForCertificate', {
      CertificateArn,
    })
    assert.deepEqual(tags.Tags, [{ Key: 'b', Value: '2' }])
    const certificateIds = [CertificateArn.slice(-36)]
    users.push({ balancerId: 'app/web/1', tls: { certificateIds } } as unknown as BalancerListener)
    await assert.rejects(call(service, 'DeleteCertificate', { CertificateArn }), {
      code: 'ResourceInUseException',
    })
    users.pop()
    await call(service, 'DeleteCertificate', { CertificateArn })
    await assert.rejects(call(service, 'DescribeCertificate', { CertificateArn }), {
      code: 'ResourceNotFoundException',
    })
  })
})

test('an imported certificate must fit its key, and what is no name or no ARN is refused', async () => {
  await within(async (service, { key }) => {
    const { CertificateArn } = await call<RequestCertificateResponse>(
      service,
      'RequestCertificate',
      { DomainName: 'a.test', KeyAlgorithm: 'EC_prime256v1' },
    )
    const { Certificate = '', CertificateChain = '' } = await call<GetCertificateResponse>(
      service,
      'GetCertificate',
      { CertificateArn },
    )
    const parts = { Certificate: Buffer.from(Certificate), PrivateKey: Buffer.from(await key()) }
    const imported = await call<ImportCertificateResponse>(service, 'ImportCertificate', {
      ...parts,
      CertificateChain: Buffer.from(CertificateChain),
    })
    const again = { ...parts, CertificateArn: imported.CertificateArn }
    assert.deepEqual(await call(service, 'ImportCertificate', again), imported)
    const wrong = [
      ['ImportCertificate', { ...parts, CertificateArn }],
      ['ImportCertificate', { ...parts, Certificate: Buffer.from(CertificateChain) }],
      ['RequestCertificate', { DomainName: 'no name' }],
      ['RequestCertificate', { DomainName: 'a.test', KeyAlgorithm: 'RSA_4096' }],
    ] as const
    for (const [operation, input] of wrong) {
      await assert.rejects(call(service, operation, input), { code: 'ValidationException' })
    }
    await assert.rejects(call(service, 'GetCertificate', { CertificateArn: 'x' }), {
      code: 'InvalidArnException',
    })
  })
})
