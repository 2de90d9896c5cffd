import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangePlain, fakeService, fakeWire, type PlainReply } from '../testing/fake-wire.ts'
import type { Request } from './service.ts'

const document = '{"instanceId":"i-1"}'
const scope = { account: '111122223333', region: 'eu-west-1' }
let seen: Request | undefined

const service = {
  ...fakeService('cloudformation', {
    DescribeStackResource: (_input, request) => {
      seen = request
      return {
        StackResourceDetail: { LogicalResourceId: 'Web', LastUpdatedTimestamp: new Date(5000) },
      }
    },
    DeleteStack: () => ({}),
  }),
  machineOperations: new Set(['DescribeStackResource']),
}
const wire = fakeWire([service], {
  machines: {
    identify: async (shown, signature) =>
      shown === document && signature === 'good'
        ? { scope, machine: { instanceId: 'i-1', tags: {} } }
        : undefined,
  },
})

/** As AWS's own tools inside machines send it. */
function ask(action: string, signature: string): Promise<PlainReply> {
  const encoded = Buffer.from(document).toString('base64')
  return exchangePlain(wire, {
    method: 'GET',
    url: `/?Action=${action}&StackName=s&LogicalResourceId=Web&ContentType=JSON&Version=2010-05-15`,
    headers: { accept: 'application/json', authorization: `CFN_V1 ${encoded}:${signature}` },
  })
}

test('a machine shows its identity document, and is answered in JSON', async () => {
  const { status, headers, body } = await ask('DescribeStackResource', 'good')
  assert.equal(status, 200)
  assert.equal(headers['Content-Type'], 'application/json')
  const { DescribeStackResourceResponse: response } = JSON.parse(body)
  assert.deepEqual(response.DescribeStackResourceResult.StackResourceDetail, {
    LogicalResourceId: 'Web',
    LastUpdatedTimestamp: 5,
  })
  assert.deepEqual(seen?.scope, scope)
  assert.equal(seen?.machine?.instanceId, 'i-1')
  assert.match(seen?.principal.arn ?? '', /:assumed-role\/aws:ec2-instance\/i-1$/)
})

test('a document that we did not sign is refused', async () => {
  const { status, body } = await ask('DescribeStackResource', 'bad')
  assert.equal(status, 403)
  assert.deepEqual(JSON.parse(body).Error.Code, 'SignatureDoesNotMatch')
})

test('an operation that is not for machines takes no document for a signature', async () => {
  const { status, body } = await ask('DeleteStack', 'good')
  assert.equal(status, 400)
  assert.deepEqual(JSON.parse(body).Error, {
    Code: 'IncompleteSignature',
    Message: 'The authorization mechanism must be AWS4-HMAC-SHA256.',
    Type: 'Sender',
  })
})
