import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../testing/seeded-random.ts'
import { arnOf, globalArnOf, parseArn } from './arn.ts'
import { randomText, resourceId, upperAlphanumeric, uuid } from './random.ts'
import { partitionOf, urlSuffixOf, zonesOf } from './scope.ts'
import { withoutTags, withTags } from './tags.ts'

const scope = { account: '123456789012', region: 'cn-north-1' }

test('an ARN is in the partition of its region, and parses back', () => {
  const arn = arnOf('ec2', scope, 'instance/i-1')
  assert.equal(arn, 'arn:aws-cn:ec2:cn-north-1:123456789012:instance/i-1')
  assert.equal(parseArn(arn)?.resource, 'instance/i-1')
  assert.equal(globalArnOf('iam', scope, 'role/web'), 'arn:aws-cn:iam::123456789012:role/web')
  assert.equal(parseArn('arn:aws:s3'), undefined)
  assert.equal(parseArn('i-1'), undefined)
})

test('an ARN whose resource holds colons keeps them', () => {
  assert.equal(parseArn('arn:aws:autoscaling:r:1:group:u:name/x')?.resource, 'group:u:name/x')
})

test('each region has three zones and one partition', () => {
  assert.deepEqual(zonesOf('eu-west-1'), ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'])
  assert.equal(partitionOf('us-gov-west-1'), 'aws-us-gov')
  assert.equal(urlSuffixOf('cn-north-1'), 'amazonaws.com.cn')
})

test('ids have the forms that clients parse', () => {
  const random = seededRandom(1)
  assert.match(
    uuid(random),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
  assert.match(resourceId(random, 'i'), /^i-[0-9a-f]{17}$/)
  assert.match(randomText(random, 9, upperAlphanumeric), /^[A-Z0-9]{9}$/)
})

test('a tag set twice keeps its place and takes the new value', () => {
  const tags = [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ]
  assert.deepEqual(withTags(tags, [{ Key: 'a', Value: '3' }]), [
    { Key: 'a', Value: '3' },
    { Key: 'b', Value: '2' },
  ])
  assert.deepEqual(withoutTags(tags, ['a']), [{ Key: 'b', Value: '2' }])
})
