import assert from 'node:assert/strict'
import { test } from 'node:test'
import { misplacedSecure, referencesIn, withReferences } from './dynamic-references.ts'

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:db-AbCdEf'

test('references are read wherever a text stands', () => {
  const value = {
    A: '{{resolve:ssm:/web/name:2}}',
    B: [`x{{resolve:secretsmanager:${arn}:SecretString:user}}y{{resolve:secretsmanager:db}}`],
    C: { D: '{{resolve:secretsmanager:db:SecretString:user:AWSPREVIOUS}}' },
  }
  assert.deepEqual(
    [...referencesIn(value).values()],
    [
      { service: 'ssm', selector: '/web/name:2' },
      { service: 'secretsmanager', secretId: arn, jsonKey: 'user' },
      { service: 'secretsmanager', secretId: 'db' },
      { service: 'secretsmanager', secretId: 'db', jsonKey: 'user', stage: 'AWSPREVIOUS' },
    ],
  )
})

test('a reference that cannot be read is named', () => {
  for (const inner of [
    'ssm',
    'ssm:a:b',
    'other:x',
    'secretsmanager:',
    'secretsmanager:db:Binary',
  ]) {
    assert.throws(() => referencesIn(`{{resolve:${inner}}}`), /Incorrect format.*resolve/)
  }
})

test('what is known takes the place of its reference', () => {
  const known = new Map([['{{resolve:ssm:a}}', '$1']])
  assert.deepEqual(withReferences(['x{{resolve:ssm:a}}', 3], known), ['x$1', 3])
})

test('secure parameters stand only where AWS lets them', () => {
  const secure = { MasterUserPassword: '{{resolve:ssm-secure:p}}' }
  assert.equal(misplacedSecure('AWS::RDS::DBInstance', secure), undefined)
  assert.equal(
    misplacedSecure('AWS::SQS::Queue', secure),
    'AWS::SQS::Queue/Properties/MasterUserPassword',
  )
})
