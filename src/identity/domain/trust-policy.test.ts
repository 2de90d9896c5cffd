import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPolicy } from './policy-document.ts'
import { trusts, type Trustee } from './trust-policy.ts'

const account = '000000000000'
const alice: Trustee = { kind: 'caller', arn: `arn:aws:iam::${account}:user/alice`, account }
const session: Trustee = {
  kind: 'caller',
  arn: `arn:aws:sts::${account}:assumed-role/build/run-1`,
  account,
}

function policy(statement: object | readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statement })
}

function allow(principal: unknown, more: object = {}): object {
  return { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal, ...more }
}

function ask(document: string, trustee = alice, conditionValues: Record<string, string> = {}) {
  return trusts(document, { trustee, action: 'sts:AssumeRole', conditionValues })
}

test('the account, its root, and the caller itself are ways to be named', () => {
  for (const name of [account, `arn:aws:iam::${account}:root`, alice.arn, '*']) {
    assert.equal(ask(policy(allow({ AWS: [name] }))), true, name)
  }
  assert.equal(ask(policy(allow('*'))), true)
  assert.equal(ask(policy(allow({ AWS: '111111111111' }))), false)
  assert.equal(ask(policy(allow({ AWS: `arn:aws:iam::${account}:user/bob` }))), false)
})

test('a session is known by its role', () => {
  const document = policy(allow({ AWS: `arn:aws:iam::${account}:role/build` }))
  assert.equal(ask(document, session), true)
  assert.equal(ask(document), false)
})

test('a service principal is for services, not for callers', () => {
  const document = policy(allow({ Service: 'ec2.amazonaws.com' }))
  assert.equal(ask(document), false)
  assert.equal(ask(document, { kind: 'service', name: 'ec2.amazonaws.com' }), true)
  assert.equal(ask(document, { kind: 'service', name: 'lambda.amazonaws.com' }), false)
})

test('a denial wins over a permission', () => {
  const denial = { ...allow({ AWS: alice.arn }), Effect: 'Deny' }
  assert.equal(ask(policy([allow('*'), denial])), false)
  assert.equal(ask(policy([allow('*'), denial]), session), true)
})

test('an external id is asked for', () => {
  const condition = { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }
  const document = policy(allow('*', condition))
  assert.equal(ask(document), false)
  assert.equal(ask(document, alice, { 'sts:externalid': 'other' }), false)
  assert.equal(ask(document, alice, { 'sts:externalid': 'secret' }), true)
})

test('Null asks whether there is an external id', () => {
  const document = policy(allow('*', { Condition: { Null: { 'sts:ExternalId': 'true' } } }))
  assert.equal(ask(document), true)
  assert.equal(ask(document, alice, { 'sts:externalid': 'secret' }), false)
  const wanted = policy(allow('*', { Condition: { Null: { 'sts:ExternalId': false } } }))
  assert.equal(ask(wanted), false)
  assert.equal(ask(wanted, alice, { 'sts:externalid': 'secret' }), true)
})

test('a condition that is not understood never allows and always denies', () => {
  const strange = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }
  assert.equal(ask(policy(allow('*', strange))), false)
  assert.equal(ask(policy([allow('*'), { ...allow('*', strange), Effect: 'Deny' }])), false)
})

test('another action is another matter', () => {
  assert.equal(ask(policy(allow('*', { Action: 'sts:TagSession' }))), false)
  assert.equal(ask(policy(allow('*', { Action: 'sts:*' }))), true)
})

test('broken documents are refused with a reason', () => {
  const bad = [
    'not json',
    '[]',
    '{"Version":"2012-10-17","Statement":[]}',
    policy({ Effect: 'Maybe', Action: 's3:*', Resource: '*' }),
    policy({ Effect: 'Allow', Resource: '*' }),
    policy({ Effect: 'Allow', Action: 'GetObject', Resource: '*' }),
    policy({ Effect: 'Allow', Action: 's3:*' }),
    policy({ Effect: 'Allow', Action: 's3:*', Resource: '*', Principal: '*' }),
    policy({ Effect: 'Allow', Action: 's3:*', Resource: '*', Colour: 'blue' }),
    JSON.stringify({ Version: 'x', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }),
  ]
  for (const text of bad) assert.equal(readPolicy(text, 'identity').ok, false, text)
  assert.equal(
    readPolicy(policy({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }), 'identity').ok,
    true,
  )
  assert.equal(readPolicy(policy(allow('*')), 'trust').ok, true)
})
