import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AwsError } from '../kernel/errors.ts'
import { silentLog } from '../kernel/ports.ts'
import { systemClock } from '../kernel/system/clock.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { officialClient } from '../testing/wire-client.ts'
import { createWire } from './create-wire.ts'

const group = 'arn:aws:logs:us-east-1:000000000000:log-group:web'
const start = { sessionStart: { requestId: 'r', sessionId: 's', logGroupIdentifiers: [group] } }
const update = {
  sessionUpdate: {
    sessionMetadata: { sampled: false },
    sessionResults: [{ message: 'grüße "you"', timestamp: 5, logStreamName: 'a/b' }],
  },
}

async function tailed(events: () => AsyncIterable<object>): Promise<AsyncIterable<object>> {
  const tail = {
    accepts: { logGroupIdentifiers: true as const },
    handle: async () => ({ responseStream: events() }),
  }
  const wire = createWire({
    services: [
      {
        id: 'logs',
        operations: new Map([['StartLiveTail', tail]]),
        refuseMember: (path) => new Error(`refused ${path}`),
      },
    ],
    authentication: 'off',
    credentials: { find: async () => undefined },
    clock: systemClock,
    random: seededRandom(1),
    log: silentLog,
    defaults: { account: '000000000000', region: 'us-east-1' },
  })
  const client = officialClient({
    client: 'cloudwatch-logs',
    exchange: (one) => wire.exchange(one),
  })
  const { responseStream } = await client.send('StartLiveTail', { logGroupIdentifiers: [group] })
  return responseStream as AsyncIterable<object>
}

test('the official client reads a stream of events as they come, to its end', async () => {
  const got: object[] = []
  const stream = await tailed(async function* () {
    yield start
    yield update
    yield { sessionUpdate: { sessionMetadata: { sampled: true }, sessionResults: [] } }
  })
  for await (const event of stream) got.push(JSON.parse(JSON.stringify(event)) as object)
  assert.deepEqual(got, [
    start,
    update,
    { sessionUpdate: { sessionMetadata: { sampled: true }, sessionResults: [] } },
  ])
})

test('what is thrown on the way ends the stream, as the exception that the model has for it', async () => {
  const stream = await tailed(async function* () {
    yield start
    throw new AwsError('SessionTimeoutException', 'Three hours are over.')
  })
  await assert.rejects(
    async () => {
      for await (const _event of stream) continue
    },
    { name: 'SessionTimeoutException', message: 'Three hours are over.' },
  )
  const broken = await tailed(async function* () {
    yield start
    throw new TypeError('a bug')
  })
  await assert.rejects(async () => {
    for await (const _event of broken) continue
  }, /An internal error occurred/)
})
