import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangePlain, fakeKey, fakeService, fakeSession, fakeWire } from '../testing/fake-wire.ts'
import { officialClient } from '../testing/wire-client.ts'
import type { SigningCredential } from './authenticate.ts'
import type { Fields } from './shape.ts'
import type { Request } from './service.ts'

const operations: Readonly<Record<string, string>> = {
  sqs: 'ListQueues',
  sts: 'GetCallerIdentity',
  ec2: 'DescribeInstances',
  fis: 'ListActions',
  route53: 'ListHostedZones',
  s3: 'ListBuckets',
}

/** A real clock that a test can set wrong: the clients sign with the time of the machine. */
let offset = 0
const realNow = Date.now
const clock = { now: () => realNow() + offset, sleep: async () => {} }
let seen: Request | undefined

const services = Object.entries(operations).map(([id, operation]) =>
  fakeService(id, {
    [operation]: (_input, request) => {
      seen = request
      return { HostedZones: [], Marker: '', IsTruncated: false, MaxItems: 1 }
    },
    ...(id === 's3' ? { GetObject: () => ({ Body: 'content' }) } : {}),
  }),
)
const wire = fakeWire(services, { clock })
const clients: Readonly<Record<string, string>> = {
  sqs: 'sqs',
  sts: 'sts',
  ec2: 'ec2',
  fis: 'fis',
  route53: 'route-53',
  s3: 's3',
}

type Credentials = NonNullable<Parameters<typeof officialClient>[0]['credentials']>

/** The error's name and status that the official client reports, or `taken`. */
async function outcome(id: string, credentials: Credentials): Promise<string> {
  const client = officialClient({
    client: clients[id]!,
    exchange: (request) => wire.exchange(request),
    credentials,
  })
  try {
    await client.send(operations[id]!, {})
    return 'taken'
  } catch (thrown) {
    const error = thrown as Error & { $metadata: Fields }
    return `${error.name} ${String(error.$metadata['httpStatusCode'])}`
  } finally {
    client.destroy()
  }
}

async function outcomes(credentials: Credentials): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for (const id of Object.keys(operations)) all[id] = await outcome(id, credentials)
  return all
}

function each(expected: string): Record<string, string> {
  return Object.fromEntries(Object.keys(operations).map((id) => [id, expected]))
}

test('a right signature is taken by every protocol, and says who asks and from where', async () => {
  assert.deepEqual(await outcomes(fakeKey), each('taken'))
  assert.equal(seen?.scope.region, 'us-east-1')
  assert.equal(seen.principal.accessKeyId, fakeKey.accessKeyId)
})

test('a wrong secret is told in the words of the protocol', async () => {
  assert.deepEqual(await outcomes({ ...fakeKey, secretAccessKey: 'wrong' }), {
    sqs: 'InvalidSignatureException 400',
    sts: 'SignatureDoesNotMatch 403',
    ec2: 'AuthFailure 401',
    fis: 'InvalidSignatureException 403',
    route53: 'SignatureDoesNotMatch 403',
    s3: 'SignatureDoesNotMatch 403',
  })
})

test('an unknown key is told in the words of the protocol', async () => {
  assert.deepEqual(await outcomes({ ...fakeKey, accessKeyId: 'AKIANOBODY' }), {
    sqs: 'UnrecognizedClientException 400',
    sts: 'InvalidClientTokenId 403',
    ec2: 'AuthFailure 401',
    fis: 'UnrecognizedClientException 403',
    route53: 'InvalidClientTokenId 403',
    s3: 'InvalidAccessKeyId 403',
  })
})

test('a clock that is more than 15 minutes wrong is told, in both directions', async () => {
  const expected = {
    sqs: 'InvalidSignatureException 400',
    sts: 'SignatureDoesNotMatch 403',
    ec2: 'RequestExpired 400',
    fis: 'InvalidSignatureException 403',
    route53: 'SignatureDoesNotMatch 403',
    s3: 'RequestTimeTooSkewed 403',
  }
  try {
    for (const minutes of [16, -16]) {
      offset = minutes * 60_000
      assert.deepEqual(await outcomes(fakeKey), expected)
    }
    offset = 14 * 60_000
    assert.deepEqual(await outcomes(fakeKey), each('taken'))
  } finally {
    offset = 0
  }
})

test('a session needs its token, and a token needs its session', async () => {
  const noSession = fakeWire(services)
  offset = noSession.clock.now() - realNow()
  const { accessKeyId, secretAccessKey, sessionToken } = fakeSession
  const refused = {
    sqs: 'UnrecognizedClientException 400',
    sts: 'InvalidClientTokenId 403',
    ec2: 'AuthFailure 401',
    fis: 'UnrecognizedClientException 403',
    route53: 'InvalidClientTokenId 403',
    s3: 'InvalidToken 400',
  }
  offset = 0
  assert.deepEqual(await outcomes({ accessKeyId, secretAccessKey }), refused)
  assert.deepEqual(await outcomes({ ...fakeKey, sessionToken }), refused)
  assert.deepEqual(await outcomes({ ...fakeSession, sessionToken: 'other' }), refused)
})

test('an unsigned request is refused, but for the operations that need no key', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const cases: [string, Parameters<typeof exchangePlain>[1], RegExp][] = [
    [
      'sqs',
      {
        headers: {
          'x-amz-target': 'AmazonSQS.ListQueues',
          'content-type': 'application/x-amz-json-1.0',
        },
        body: '{}',
      },
      /MissingAuthenticationTokenException/,
    ],
    [
      'sts',
      { headers: form, body: 'Action=GetCallerIdentity&Version=2011-06-15' },
      /<Code>MissingAuthenticationToken</,
    ],
    [
      'ec2',
      { headers: form, body: 'Action=DescribeInstances&Version=2016-11-15' },
      /<Code>MissingAuthenticationToken</,
    ],
    ['s3', { method: 'GET' }, /<Code>AccessDenied</],
    [
      'web identity',
      { headers: form, body: 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15' },
      /not supported by Evenkeel/,
    ],
  ]
  for (const [name, request, expected] of cases) {
    assert.match((await exchangePlain(wire, request)).body, expected, name)
  }
})

test('a presigned URL is good until it expires, and not longer than a week', async () => {
  const { S3Client, GetObjectCommand } = await import('@aws-sdk/client-s3')
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
  const client = new S3Client({
    endpoint: 'http://127.0.0.1:4566',
    region: 'us-east-1',
    credentials: fakeKey,
  })
  const command = new GetObjectCommand({ Bucket: 'bucket', Key: 'a key' })
  const url = new URL(await getSignedUrl(client, command, { expiresIn: 60 }))
  const get = { method: 'GET', url: url.pathname + url.search }
  try {
    assert.equal((await exchangePlain(wire, get)).body, 'content')
    assert.match(
      (await exchangePlain(wire, { ...get, url: `${get.url}x` })).body,
      /SignatureDoesNotMatch/,
    )
    offset = 61_000
    const late = await exchangePlain(wire, get)
    assert.match(late.body, /<Code>AccessDenied<\/Code><Message>Request has expired</)
    const long = get.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801')
    assert.match(
      (await exchangePlain(wire, { ...get, url: long })).body,
      /AuthorizationQueryParametersError/,
    )
  } finally {
    offset = 0
    client.destroy()
  }
})

test('a header that S3 was not told to expect is refused, because it was not signed', async () => {
  const client = officialClient({
    client: 's3',
    exchange: (request) =>
      wire.exchange({ ...request, headers: { ...request.headers, 'x-amz-acl': 'public-read' } }),
    credentials: fakeKey,
  })
  await assert.rejects(client.send('ListBuckets', {}), {
    name: 'AccessDenied',
    message: /not signed/,
  })
  client.destroy()
})

test('with authentication off nothing is checked, and a 12-digit key selects the account', async () => {
  const open = fakeWire(services, { authentication: 'off' })
  const request = { url: '/?Action=GetCallerIdentity&Version=2011-06-15', method: 'GET' }
  const signedBy = (key: string): Record<string, string> => ({
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20200101/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=00`,
    'x-amz-date': '20200101T000000Z',
  })
  assert.equal((await exchangePlain(open, request)).status, 200)
  assert.deepEqual(seen?.scope, { account: '000000000000', region: 'us-east-1' })
  await exchangePlain(open, { ...request, headers: signedBy('111122223333') })
  assert.deepEqual(seen?.scope, { account: '111122223333', region: 'eu-west-1' })
  assert.equal(seen.principal.arn, 'arn:aws:iam::111122223333:root')
  const inChina = signedBy('111122223333')['authorization']?.replace('eu-west-1', 'cn-north-1')
  await exchangePlain(open, {
    ...request,
    headers: { ...signedBy('111122223333'), authorization: inChina ?? '' },
  })
  assert.equal(seen.principal.arn, 'arn:aws-cn:iam::111122223333:root')
  await exchangePlain(open, { ...request, headers: signedBy('anything') })
  assert.deepEqual(seen?.scope, { account: '000000000000', region: 'eu-west-1' })
})

test('a request that is scoped to another service is refused', async () => {
  const client = officialClient({
    client: 'sqs',
    exchange: (request) =>
      wire.exchange({
        ...request,
        headers: {
          ...request.headers,
          authorization: request.headers['authorization']!.replace('/sqs/', '/sns/'),
        },
      }),
    credentials: fakeKey,
  })
  await assert.rejects(client.send('ListQueues', {}), {
    name: 'InvalidSignatureException',
    message: /scoped/,
  })
  client.destroy()
})

test("the old presigned URLs, which the aws CLI still makes, are those of AWS's documented example", async () => {
  const find = async (): Promise<SigningCredential> => ({
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    principal: { arn: 'arn', account: '000000000000', userId: 'user', accessKeyId: 'AKIA' },
  })
  let now = 1_175_139_620_000
  const old = fakeWire(services, {
    credentials: { find },
    clock: { now: () => now, sleep: async () => {} },
  })
  const query = 'AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D'
  const get = (path: string, more = ''): Promise<{ body: string }> =>
    exchangePlain(old, {
      method: 'GET',
      url: `${path}?${query}&Expires=1175139620${more}`,
      headers: { host: 'johnsmith.s3.amazonaws.com' },
    })
  assert.equal((await get('/photos/puppy.jpg')).body, 'content')
  assert.match((await get('/photos/kitten.jpg')).body, /SignatureDoesNotMatch/)
  assert.match((await get('/photos/puppy.jpg', '&acl')).body, /SignatureDoesNotMatch/)
  assert.match(
    (await get('/photos/puppy.jpg', '&x-amz-acl=public-read')).body,
    /SignatureDoesNotMatch/,
  )
  now += 1
  assert.match((await get('/photos/puppy.jpg')).body, /AccessDenied.*Request has expired/)
})
