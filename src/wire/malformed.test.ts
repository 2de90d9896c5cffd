import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  exchangePlain,
  fakeService,
  fakeWire,
  type PlainReply,
  type PlainRequest,
} from '../testing/fake-wire.ts'
import { bodyBytesMax, formPairsMax, headersMax, nestingMax } from './limits.ts'

/** Never called: every request here is refused before, or is answered with nothing. */
const nothing = (): object => ({})
const wire = fakeWire(
  [
    fakeService('sqs', { SendMessage: nothing, SetQueueAttributes: nothing }),
    fakeService('ec2', { DescribeInstances: nothing, RunInstances: nothing }),
    fakeService('autoscaling', { CreateAutoScalingGroup: nothing }),
    fakeService('cloudwatch', { PutMetricData: nothing }),
    fakeService('fis', { CreateExperimentTemplate: nothing, GetExperiment: nothing }),
    fakeService('route53', { CreateHostedZone: nothing }),
    fakeService('s3', { DeleteObjects: nothing, ListObjectsV2: nothing, PutObject: nothing }),
  ],
  { authentication: 'off' },
)

function scope(service: string): Record<string, string> {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
    'x-amz-date': '20261122T100000Z',
  }
}

type Ask = (body: string | Uint8Array) => PlainRequest

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const asks: Readonly<Record<string, Ask>> = {
  json: (body) => ({
    headers: {
      'x-amz-target': 'AmazonSQS.SendMessage',
      'content-type': 'application/x-amz-json-1.0',
    },
    body,
  }),
  query: (body) => ({
    headers: { ...form, ...scope('autoscaling') },
    body: `Action=CreateAutoScalingGroup&Version=2011-01-01&${body.toString()}`,
  }),
  ec2: (body) => ({
    headers: { ...form, ...scope('ec2') },
    body: `Action=RunInstances&Version=2016-11-15&${body.toString()}`,
  }),
  cbor: (body) => ({
    url: '/service/GraniteServiceVersion20100801/operation/PutMetricData',
    headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    body,
  }),
  restJson: (body) => ({ url: '/experimentTemplates', headers: scope('fis'), body }),
  restXml: (body) => ({ url: '/2013-04-01/hostedzone', headers: scope('route53'), body }),
  s3: (body) => ({ url: '/bucket?delete', headers: scope('s3'), body }),
}

function codeOf({ body }: PlainReply): string {
  return (
    /<Code>([^<]*)</.exec(body)?.[1] ??
    /"__type":"(?:[^"]*#)?([^"]*)"/.exec(body)?.[1] ??
    body.slice(0, 80)
  )
}

async function refusal(request: PlainRequest): Promise<string> {
  const reply = await exchangePlain(wire, request)
  const code = reply.headers['x-amzn-ErrorType'] ?? codeOf(reply)
  return `${code} ${reply.status}`
}

test('a body that is not in its language is refused in the words of the protocol', async () => {
  const bad: [string, string, string][] = [
    ['json', '{"QueueUrl":', 'SerializationException 400'],
    ['json', '[1]', 'SerializationException 400'],
    ['json', '{"QueueUrl":1}', 'SerializationException 400'],
    ['query', 'MinSize=abc', 'MalformedInput 400'],
    ['query', 'A=%zz', 'MalformedQueryString 400'],
    ['query', 'Tags.member.x=1', 'MalformedInput 400'],
    ['ec2', 'MinCount=one', 'InvalidParameterValue 400'],
    ['restJson', '{', 'SerializationException 400'],
    ['restXml', '<a>', 'MalformedInput 400'],
    ['s3', '<Delete><Object></Delete>', 'MalformedXML 400'],
    ['s3', '<!DOCTYPE a [<!ENTITY x "y">]><Delete/>', 'MalformedXML 400'],
    ['s3', '<Delete>&x;</Delete>', 'MalformedXML 400'],
    ['s3', '<Delete>&#x110000;</Delete>', 'MalformedXML 400'],
    ['s3', '', 'MalformedXML 400'],
  ]
  for (const [protocol, body, expected] of bad) {
    assert.equal(await refusal(asks[protocol]!(body)), expected, `${protocol} ${body}`)
  }
  assert.match(
    (await exchangePlain(wire, asks['cbor']!(Buffer.from([0xbf, 1])))).body,
    /SerializationException/,
  )
  const get = { method: 'GET', headers: scope('s3') }
  assert.equal(await refusal({ ...get, url: '/b?list-type=2&max-keys=x' }), 'InvalidArgument 400')
})

test('a required member that is missing is named', async () => {
  const json = await exchangePlain(wire, asks['json']!('{"QueueUrl":"q"}'))
  assert.match(json.body, /ValidationException.*messageBody/)
  const ec2 = await exchangePlain(wire, asks['ec2']!('MinCount=1'))
  assert.match(ec2.body, /MissingParameter.*MaxCount/)
  const query = await exchangePlain(wire, asks['query']!('MinSize=1'))
  assert.match(query.body, /ValidationError.*autoScalingGroupName/)
})

test('bodies, headers, parameters and nesting have bounds', async () => {
  const big = Buffer.alloc(bodyBytesMax + 1, 32)
  assert.equal(await refusal(asks['json']!(big)), 'RequestEntityTooLargeException 413')
  assert.equal(await refusal({ ...asks['query']!(''), body: big }), 'RequestEntityTooLarge 413')
  assert.equal(await refusal(asks['s3']!(big)), 'MaxMessageLengthExceeded 400')
  const pairs = 'a=1&'.repeat(formPairsMax)
  assert.match(await refusal(asks['query']!(pairs)), /^Malformed\w+ 400$/)
  assert.equal(await refusal(asks['query']!('Tags.member.99999999999=1')), 'MalformedInput 400')
  const deep = 'a.'.repeat(nestingMax)
  assert.equal(await refusal(asks['query']!(`${deep}a=1`)), 'MalformedQueryString 400')
  const xml = '<a>'.repeat(100_000)
  assert.equal(await refusal(asks['s3']!(xml)), 'MalformedXML 400')
  const arrays = '['.repeat(100_000)
  assert.equal(await refusal(asks['json']!(arrays)), 'SerializationException 400')
  const cbor = await exchangePlain(wire, asks['cbor']!(Buffer.alloc(100_000, 0x81)))
  assert.match(cbor.body, /SerializationException/)
  const headers = Object.fromEntries(Array.from({ length: headersMax }, (_, i) => [`h${i}`, '']))
  assert.equal((await exchangePlain(wire, { headers })).status, 400)
})

test('keys named like parts of Object.prototype are keys like others', async () => {
  let given: unknown
  const polite = fakeWire(
    [
      fakeService('sqs', {
        SetQueueAttributes: (input) => {
          given = input['Attributes']
          return {}
        },
      }),
    ],
    { authentication: 'off' },
  )
  const text = '{"QueueUrl":"q","Attributes":{"__proto__":"a","constructor":"b"}}'
  await exchangePlain(polite, {
    headers: {
      'x-amz-target': 'AmazonSQS.SetQueueAttributes',
      'content-type': 'application/x-amz-json-1.0',
    },
    body: text,
  })
  assert.deepEqual(Object.entries(given as object), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
  const pairs = 'Attribute.1.Name=__proto__&Attribute.1.Value=a'
  await exchangePlain(polite, {
    headers: { ...form, ...scope('sqs') },
    body: `Action=SetQueueAttributes&Version=2012-11-05&QueueUrl=q&${pairs}`,
  })
  assert.deepEqual(Object.entries(given as object), [['__proto__', 'a']])
  assert.equal(({} as Record<string, unknown>)['a'], undefined)
})

test('a service that counts in whole numbers is not given others', async () => {
  const whole = fakeWire(
    [{ ...fakeService('ec2', { RunInstances: nothing }), countsInWholes: true }],
    { authentication: 'off' },
  )
  for (const [count, status] of [
    ['1', 200],
    ['1.5', 400],
    ['NaN', 400],
    ['Infinity', 400],
  ] as const) {
    const asked = asks['ec2']!(`MinCount=1&MaxCount=${count}`)
    const reply = await exchangePlain(whole, asked)
    assert.equal(reply.status, status, count)
    if (status === 400) assert.match(reply.body, /InvalidParameterValue.*MaxCount/)
  }
})

test('unknown members are ignored and counted', async () => {
  await exchangePlain(wire, asks['json']!('{"QueueUrl":"q","MessageBody":"b","FromTheFuture":1}'))
  assert.equal(wire.unknownMembers.get('sqs.SendMessage'), 1)
})

test('long texts that almost match are refused in time that grows with their length alone', async () => {
  const size = 4_000_000
  const long: [string, string | Uint8Array][] = [
    ['s3', `<a ${'b'.repeat(size)}>`],
    ['s3', `<a ${'b '.repeat(size / 2)}>`],
    ['s3', `<a${' '.repeat(size)}b>`],
    ['s3', `<a>${'&amp'.repeat(size / 4)}</a>`],
    ['s3', '<a '.repeat(size / 3)],
    ['query', `MinSize=${'1'.repeat(size)}x`],
    ['query', `MinSize=${' '.repeat(size)}x`],
    ['query', `${'a.'.repeat(size / 2)}=1`],
    ['ec2', `MinCount=1&ValidUntil=${'1'.repeat(size)}x`],
    ['json', `{"QueueUrl":"q","MessageBody":"b","DelaySeconds":"${'1'.repeat(size)}"}`],
    ['cbor', Buffer.alloc(size, 0x9f)],
  ]
  for (const [protocol, body] of long) {
    const reply = await exchangePlain(wire, asks[protocol]!(body))
    assert.equal(reply.status, 400, `${protocol} ${body.slice(0, 20).toString()}`)
  }
  const host = `a.s3${'-a'.repeat(30_000)}!`
  const reply = await exchangePlain(wire, { method: 'GET', url: '/', headers: { host } })
  assert.ok(reply.status < 500 || reply.status === 501)
})

/** Pieces that look right enough to get deep into the codecs. */
const fragments = fc.oneof(
  fc.constantFrom(
    '<Delete>',
    '</Delete>',
    '<Object>',
    '<Key>',
    '</Key>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '&amp;',
    '&#0;',
    '<a b="',
    '"',
    '/>',
    '{',
    '}',
    '[',
    ']',
    '"QueueUrl"',
    '"MessageAttributes"',
    ':',
    ',',
    'null',
    '1e999',
    '"__proto__"',
    'Tags.member.1.Key=',
    '&',
    '=',
    '.',
    'BlockDeviceMapping.1.Ebs.',
    '%',
    '%00',
    '%F0%9F',
    '+',
  ),
  fc.string({ maxLength: 6 }),
)
const noise = fc.oneof(
  fc.array(fragments, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''))),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
)

test('whatever comes, the answer is a reply and never a failure of ours', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(asks)), noise, async (protocol, body) => {
      const reply = await exchangePlain(wire, asks[protocol]!(body))
      assert.ok(reply.status < 500, `${protocol}: ${reply.body}`)
    }),
    { numRuns: 2000 },
  )
})

test('whatever the request line and headers are, the answer is a reply and never a failure of ours', async () => {
  const text = fc.string({ maxLength: 20 })
  const request = fc.record({
    method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS'),
    url: text.map((path) => `/${path}`),
    headers: fc.dictionary(
      fc.constantFrom(
        'authorization',
        'x-amz-target',
        'host',
        'content-type',
        'smithy-protocol',
        'x-amz-date',
        'x-amz-content-sha256',
        'content-length',
        'x-amz-trailer',
        'content-md5',
        'x-amz-checksum-crc32',
      ),
      fc.oneof(
        text,
        fc.constantFrom(
          'AmazonSQS.SendMessage',
          'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request',
          'application/x-www-form-urlencoded',
          'rpc-v2-cbor',
          'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'b.s3.localhost',
        ),
      ),
      { maxKeys: 5 },
    ),
    body: noise,
  })
  await fc.assert(
    fc.asyncProperty(request, async (asked) => {
      const reply = await exchangePlain(wire, asked)
      assert.ok(reply.status < 500 || reply.body.includes('not supported by Evenkeel'), reply.body)
    }),
    { numRuns: 2000 },
  )
})
