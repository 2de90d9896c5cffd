import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import autocannon from 'autocannon'
import { startPlatform } from '../test/harness/platform.ts'
import { median, row } from './figures.ts'

/** Signed requests a second over HTTP keep-alive, signatures checked, for each protocol on a read that reaches the store. */
const secondsEach = 4
const rounds = 3
const connections = 32

interface Call {
  readonly name: string
  readonly service: string
  readonly headers: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'POST'
  readonly path?: string
  readonly body: string
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const calls: readonly Call[] = [
  {
    name: 'awsJson1_1 ListApplications',
    service: 'codedeploy',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'CodeDeploy_20141006.ListApplications',
    },
    body: '{}',
  },
  {
    name: 'awsQuery GetCallerIdentity',
    service: 'sts',
    headers: form,
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  },
  {
    name: 'awsQuery DescribeAutoScalingGroups',
    service: 'autoscaling',
    headers: form,
    body: 'Action=DescribeAutoScalingGroups&Version=2011-01-01',
  },
  {
    name: 'ec2Query DescribeVpcs',
    service: 'ec2',
    headers: form,
    body: 'Action=DescribeVpcs&Version=2016-11-15',
  },
  {
    name: 'restXml GetObject, 1 KiB',
    service: 's3',
    headers: {},
    method: 'GET',
    path: '/bench-bucket/object',
    body: '',
  },
]

class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
  }
  update(chunk: string | Uint8Array): void {
    this.#hash.update(chunk)
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }
  reset(): void {}
}

const platform = await startPlatform()
try {
  await request({ ...calls[4]!, method: 'PUT' as never, path: '/bench-bucket' })
  await request({ ...calls[4]!, method: 'PUT' as never, body: 'x'.repeat(1024) })
  row('requests a second', 'median', 'p99')
  for (const call of calls) {
    const rates: number[] = []
    const tails: number[] = []
    for (let round = 0; round < rounds; round++) {
      const result = await load(call)
      if (result.non2xx > 0) throw new Error(`${call.name}: ${result.non2xx} answers were not 200`)
      rates.push(result.requests.average)
      tails.push(result.latency.p99)
    }
    row(call.name, median(rates).toFixed(0), `${median(tails).toFixed(0)} ms`)
  }
} finally {
  await platform.stop()
}

async function request(call: Call): Promise<void> {
  const answer = await fetch(`${platform.endpoint}${call.path ?? '/'}`, {
    method: call.method ?? 'POST',
    headers: await signed(call),
    ...(call.body === '' ? {} : { body: call.body }),
  })
  if (!answer.ok) throw new Error(`${call.name}: ${answer.status} ${await answer.text()}`)
}

async function load(call: Call): Promise<autocannon.Result> {
  return autocannon({
    url: `${platform.endpoint}${call.path ?? '/'}`,
    method: call.method ?? 'POST',
    headers: await signed(call),
    ...(call.body === '' ? {} : { body: call.body }),
    connections,
    duration: secondsEach,
  })
}

async function signed(call: Call): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: call.service,
    region: 'us-east-1',
    credentials: platform.credentials,
    sha256: Sha256 as never,
    uriEscapePath: call.service !== 's3',
  })
  const out = await signer.sign({
    method: call.method ?? 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: platform.port,
    path: call.path ?? '/',
    query: {},
    headers: { host: `127.0.0.1:${platform.port}`, ...call.headers },
    body: call.body,
  })
  return out.headers
}
