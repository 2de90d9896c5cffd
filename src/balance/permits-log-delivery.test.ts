import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permitsLogDelivery } from './permits-log-delivery.ts'

const delivery = {
  scope: { account: '123456789012', region: 'us-east-1' },
  bucket: 'logs',
  key: 'site/AWSLogs/123456789012/elasticloadbalancing/us-east-1/x.log.gz',
  sourceArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1',
}
const allow = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::127311923021:root' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::logs/site/AWSLogs/123456789012/*',
}
const service = { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' }

function permits(...statements: object[]): boolean {
  return permitsLogDelivery(JSON.stringify({ Statement: statements }), delivery)
}

test('a policy lets logs in that names the account of the region, or the service', () => {
  assert.equal(permits(allow), true)
  assert.equal(permits({ ...allow, Principal: { AWS: ['127311923021'] } }), true)
  assert.equal(permits({ ...allow, Principal: service, Action: ['s3:Put*'] }), true)
  assert.equal(permits({ ...allow, Principal: '*', Action: '*' }), true)
  const newRegion = { ...delivery, scope: { ...delivery.scope, region: 'ap-southeast-7' } }
  const policy = JSON.stringify({ Statement: { ...allow, Principal: service } })
  assert.equal(permitsLogDelivery(policy, newRegion), true)
})

test('without one, or with one for others, nothing is let in', () => {
  assert.equal(permitsLogDelivery(undefined, delivery), false)
  assert.equal(permits({ ...allow, Principal: { AWS: '033677994240' } }), false)
  assert.equal(permits({ ...allow, Resource: 'arn:aws:s3:::logs/AWSLogs/*' }), false)
  assert.equal(permits({ ...allow, Action: 's3:GetObject' }), false)
  assert.equal(permits(allow, { ...allow, Effect: 'Deny' }), false)
})

test('conditions are held to; one that is not understood never allows and always denies', () => {
  const when = (Condition: object) => permits({ ...allow, Condition })
  assert.equal(when({ StringEquals: { 'aws:SourceAccount': '123456789012' } }), true)
  assert.equal(when({ StringEquals: { 'aws:SourceAccount': '210987654321' } }), false)
  assert.equal(
    when({ ArnLike: { 'aws:SourceArn': 'arn:aws:elasticloadbalancing:*:*:loadbalancer/*' } }),
    true,
  )
  assert.equal(when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }), false)
  const onlyTls = {
    ...{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::logs/*' },
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
  assert.equal(permits(allow, onlyTls), true)
  assert.equal(permits(allow, { ...onlyTls, Condition: { Bool: { 'aws:Strange': '1' } } }), false)
})

test('logs of network balancers are let in by the delivery of logs, which reads the ACL before', () => {
  const sourceArn = delivery.sourceArn.replace('/app/', '/net/')
  const lets = (...statements: object[]) =>
    permitsLogDelivery(JSON.stringify({ Statement: statements }), { ...delivery, sourceArn })
  const Principal = { Service: 'delivery.logs.amazonaws.com' }
  const ArnLike = { 'aws:SourceArn': ['arn:aws:logs:us-east-1:123456789012:*'] }
  const StringEquals = { 's3:x-amz-acl': 'bucket-owner-full-control' }
  const write = { ...allow, Principal, Condition: { StringEquals, ArnLike } }
  const check = {
    ...{ Effect: 'Allow', Principal, Action: 's3:GetBucketAcl' },
    ...{ Resource: 'arn:aws:s3:::logs', Condition: { ArnLike } },
  }
  assert.equal(lets(write, check), true)
  assert.equal(lets(write), false)
  assert.equal(lets(check), false)
  assert.equal(lets({ ...write, Principal: service }, { ...check, Principal: service }), false)
  assert.equal(lets(allow, check), false)
  const elsewhere = { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-2:123456789012:*' } }
  assert.equal(lets({ ...write, Condition: elsewhere }, check), false)
  assert.equal(permits(write, check), false)
})
