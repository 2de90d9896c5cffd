import { startPlatform } from '../test/harness/platform.ts'
import { load, signed, type Call } from './api-call.ts'
import { median, row } from './figures.ts'

/** Signed requests a second over HTTP keep-alive, signatures checked, for each protocol on a read that reaches the store. */
const secondsEach = 4
const rounds = 3
const connections = 32

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

const platform = await startPlatform()
try {
  await request({ ...calls[4]!, method: 'PUT' as never, path: '/bench-bucket' })
  await request({ ...calls[4]!, method: 'PUT' as never, body: 'x'.repeat(1024) })
  row('requests a second', 'median', 'p99')
  for (const call of calls) {
    const rates: number[] = []
    const tails: number[] = []
    for (let round = 0; round < rounds; round++) {
      const result = await load(platform, call, { connections, seconds: secondsEach })
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
    headers: await signed(platform, call),
    ...(call.body === '' ? {} : { body: call.body }),
  })
  if (!answer.ok) throw new Error(`${call.name}: ${answer.status} ${await answer.text()}`)
}
