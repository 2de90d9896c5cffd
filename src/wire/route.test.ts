import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangePlain, fakeService, fakeWire, type FakeHandler } from '../testing/fake-wire.ts'
import { readCatalogue } from './catalogue.ts'
import { bucketOfHost } from './route.ts'
import type { Request } from './service.ts'

let seen: { input: object; request: Request } | undefined
const remember: FakeHandler = (input, request) => {
  seen = { input, request }
  return {}
}

const catalogue = readCatalogue()

/** Every operation of a model, remembered when called. */
function whole(id: string): ReturnType<typeof fakeService> {
  const names = catalogue.load(id).operationNames
  return fakeService(id, Object.fromEntries(names.map((name) => [name, remember])))
}

const served = ['s3', 'sqs', 'elb', 'elbv2', 'sts', 'route53', 'cloudwatch']
const wire = fakeWire(served.map(whole), { authentication: 'off' })

function scope(service: string): Record<string, string> {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20261122/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
    'x-amz-date': '20261122T100000Z',
  }
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function routed(request: Parameters<typeof exchangePlain>[1]): Promise<string> {
  seen = undefined
  const reply = await exchangePlain(wire, request)
  const to = seen as { request: Request } | undefined
  return to ? `${to.request.service}.${to.request.operation} ${to.request.protocol}` : reply.body
}

test('S3 operations are told by path, query and headers', async () => {
  const cases: [string, string, Record<string, string>, string][] = [
    ['GET', '/', {}, 'ListBuckets'],
    ['PUT', '/bucket', {}, 'CreateBucket'],
    ['PUT', '/bucket/', {}, 'CreateBucket'],
    ['HEAD', '/bucket', {}, 'HeadBucket'],
    ['GET', '/bucket', {}, 'ListObjects'],
    ['GET', '/bucket?list-type=2', {}, 'ListObjectsV2'],
    ['GET', '/bucket/?list-type=2&prefix=a', {}, 'ListObjectsV2'],
    ['GET', '/bucket?location', {}, 'GetBucketLocation'],
    ['GET', '/bucket?versions', {}, 'ListObjectVersions'],
    ['GET', '/bucket?uploads', {}, 'ListMultipartUploads'],
    ['GET', '/bucket/key', {}, 'GetObject'],
    ['GET', '/bucket/key/', {}, 'GetObject'],
    ['GET', '/bucket/key?x-id=GetObject', {}, 'GetObject'],
    ['GET', '/bucket/key?attributes', { 'x-amz-object-attributes': 'ETag' }, 'GetObjectAttributes'],
    ['GET', '/bucket/key?uploadId=1', {}, 'ListParts'],
    ['GET', '/bucket/key?tagging', {}, 'GetObjectTagging'],
    ['HEAD', '/bucket/key', {}, 'HeadObject'],
    ['PUT', '/bucket/key', {}, 'PutObject'],
    ['PUT', '/bucket/key?x-id=PutObject', {}, 'PutObject'],
    ['PUT', '/bucket/key', { 'x-amz-copy-source': '/a/b' }, 'CopyObject'],
    ['PUT', '/bucket/key?partNumber=1&uploadId=2', {}, 'UploadPart'],
    [
      'PUT',
      '/bucket/key?partNumber=1&uploadId=2',
      { 'x-amz-copy-source': '/a/b' },
      'UploadPartCopy',
    ],
    ['POST', '/bucket/key?uploads', {}, 'CreateMultipartUpload'],
    ['POST', '/bucket/key?uploads=', {}, 'CreateMultipartUpload'],
    ['DELETE', '/bucket/key?uploadId=2', {}, 'AbortMultipartUpload'],
    ['DELETE', '/bucket/key', {}, 'DeleteObject'],
    ['DELETE', '/bucket', {}, 'DeleteBucket'],
    ['DELETE', '/bucket?policy', {}, 'DeleteBucketPolicy'],
  ]
  for (const [method, url, headers, operation] of cases) {
    const to = await routed({ method, url, headers: { ...scope('s3'), ...headers } })
    assert.equal(to, `s3.${operation} restXml`, `${method} ${url}`)
  }
})

test('an object key keeps its slashes and its characters', async () => {
  for (const [path, key] of [
    ['/bucket/a/b/', 'a/b/'],
    ['/bucket//a', '/a'],
    ['/bucket/a//b', 'a//b'],
    ['/bucket/%2Fa%20b%2B+', '/a b++'],
    ['/bucket/é', 'é'],
  ]) {
    await routed({ method: 'GET', url: path!, headers: scope('s3') })
    assert.deepEqual({ ...seen!.input }, { Bucket: 'bucket', Key: key })
  }
})

test('a bucket may be the host name', async () => {
  const hosts: [string, string | undefined][] = [
    ['bucket.localhost:4566', 'bucket'],
    ['my.bucket.s3.localhost:4566', 'my.bucket'],
    ['bucket.s3.us-east-1.amazonaws.com', 'bucket'],
    ['bucket.s3-eu-west-1.amazonaws.com', 'bucket'],
    ['bucket.s3.cn-north-1.amazonaws.com.cn', 'bucket'],
    ['s3.us-east-1.amazonaws.com', undefined],
    ['s3.localhost', undefined],
    ['s3.us-east-1.localhost', undefined],
    ['localhost:4566', undefined],
    ['127.0.0.1:4566', undefined],
  ]
  for (const [host, bucket] of hosts) assert.equal(bucketOfHost(host), bucket, host)
  const headers = { ...scope('s3'), host: 'bucket.localhost:4566' }
  assert.equal(await routed({ method: 'GET', url: '/key', headers }), 's3.GetObject restXml')
  assert.deepEqual({ ...seen!.input }, { Bucket: 'bucket', Key: 'key' })
  assert.equal(await routed({ method: 'GET', url: '/', headers }), 's3.ListObjects restXml')
})

test('the two load balancing services are told by their version', async () => {
  for (const [version, id] of [
    ['2012-06-01', 'elb'],
    ['2015-12-01', 'elbv2'],
  ]) {
    const body = `Action=DescribeLoadBalancers&Version=${version}`
    const to = await routed({ headers: { ...form, ...scope('elasticloadbalancing') }, body })
    assert.equal(to, `${id}.DescribeLoadBalancers awsQuery`)
  }
})

test('an unsigned request is told by its action, its target or its host', async () => {
  const action = 'Action=GetCallerIdentity&Version=2011-06-15'
  assert.equal(await routed({ headers: form, body: action }), 'sts.GetCallerIdentity awsQuery')
  assert.equal(
    await routed({ method: 'GET', url: `/?${action}` }),
    'sts.GetCallerIdentity awsQuery',
  )
  const headers = {
    'x-amz-target': 'AmazonSQS.ListQueues',
    'content-type': 'application/x-amz-json-1.0',
  }
  assert.equal(await routed({ headers, body: '{}' }), 'sqs.ListQueues awsJson1_0')
  const host = { host: 'route53.localhost:4566' }
  const url = '/2013-04-01/hostedzone'
  assert.equal(
    await routed({ method: 'GET', url, headers: host }),
    'route53.ListHostedZones restXml',
  )
  assert.equal(await routed({ method: 'GET', url: '/bucket/key' }), 's3.GetObject restXml')
})

test('one handler serves every protocol of a service', async () => {
  const json = { 'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics' }
  const paths = {
    awsJson1_0: { headers: { ...json, 'content-type': 'application/x-amz-json-1.0' }, body: '{}' },
    awsQuery: {
      headers: { ...form, ...scope('monitoring') },
      body: 'Action=ListMetrics&Version=2010-08-01',
    },
    rpcv2Cbor: {
      url: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
      headers: { 'smithy-protocol': 'rpc-v2-cbor' },
    },
  }
  for (const [protocol, request] of Object.entries(paths)) {
    assert.equal(await routed(request), `cloudwatch.ListMetrics ${protocol}`)
  }
})

test('an unsigned form for S3 still reaches the operation with its body', async () => {
  const body = '<Delete><Object><Key>a</Key></Object></Delete>'
  assert.equal(
    await routed({ url: '/bucket?delete', headers: form, body }),
    's3.DeleteObjects restXml',
  )
  assert.deepEqual(seen!.input, { Bucket: 'bucket', Delete: { Objects: [{ Key: 'a' }] } })
})

test('what is not known, and what is known but not supported, is said by name', async () => {
  const only = fakeWire([fakeService('sqs', {}), fakeService('s3', {})], { authentication: 'off' })
  const json = (target: string): object => ({
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body: '{}',
  })
  const cases: [object, number, RegExp][] = [
    [json('AmazonSQS.Fly'), 400, /UnknownOperationException.*Fly is not known/],
    [
      json('AmazonSQS.ListQueues'),
      400,
      /UnknownOperationException.*ListQueues of SQS is not supported/,
    ],
    [json('DynamoDB_20120810.GetItem'), 400, /UnknownOperationException.*DynamoDB_20120810/],
    [json('AmazonEC2.RunInstances'), 400, /UnknownOperationException/],
    [
      { headers: { ...form, ...scope('sqs') }, body: 'Action=Fly&Version=2012-11-05' },
      400,
      /<Code>InvalidAction<.*Fly/,
    ],
    [
      { headers: { ...form, ...scope('ec2') }, body: 'Action=Fly' },
      400,
      /<Code>InvalidAction<.*Fly is not valid/,
    ],
    [
      { headers: { ...form, ...scope('ec2') }, body: 'Action=RunInstances' },
      400,
      /<Code>UnsupportedOperation<.*RunInstances/,
    ],
    [
      { method: 'PUT', url: '/b', headers: scope('s3') },
      501,
      /<Code>NotImplemented<.*CreateBucket/,
    ],
    [{ method: 'PATCH', url: '/b', headers: scope('s3') }, 405, /<Code>MethodNotAllowed</],
    [
      { method: 'GET', url: '/nowhere', headers: scope('route53') },
      404,
      /UnknownOperationException/,
    ],
    [
      { method: 'GET', url: '/actions', headers: scope('fis') },
      404,
      /ListActions of fis is not supported/,
    ],
    [{ method: 'GET', url: '/x', headers: scope('lambda') }, 404, /does not serve \\"lambda\\"/],
  ]
  for (const [request, status, expected] of cases) {
    const reply = await exchangePlain(only, request)
    assert.match(reply.body, expected)
    assert.equal(reply.status, status, reply.body)
  }
})
