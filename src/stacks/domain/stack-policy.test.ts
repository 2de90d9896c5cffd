import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkedPolicy, policyDenial, type PolicyAction } from './stack-policy.ts'

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Statement: statements })
}

const all = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }
const at = (logicalId: string, action: PolicyAction = 'Update:Modify') => ({
  logicalId,
  action,
  type: 'AWS::RDS::DBInstance',
})

test('what is denied is denied, and what is not allowed is, too', () => {
  const deny = {
    Effect: 'Deny',
    Action: ['Update:Replace', 'Update:Delete'],
    Principal: '*',
    Resource: 'LogicalResourceId/Database*',
  }
  const text = policy(all, deny)
  assert.equal(policyDenial(text, at('Web', 'Update:Replace')), undefined)
  assert.equal(policyDenial(text, at('DatabaseA')), undefined)
  assert.match(policyDenial(text, at('DatabaseA', 'Update:Delete')) ?? '', /Statement \[#2\]/)
  assert.match(policyDenial(policy(deny), at('Web')) ?? '', /no statement allows/)
})

test('a statement may name what it is not for, and types', () => {
  const spared = { ...all, Resource: undefined, NotResource: ['LogicalResourceId/Db'] }
  assert.equal(policyDenial(policy(spared), at('Web')), undefined)
  assert.match(policyDenial(policy(spared), at('Db')) ?? '', /denied/)
  const Condition = { StringLike: { ResourceType: ['AWS::RDS::*'] } }
  const typed = { ...all, Effect: 'Deny', Condition }
  assert.match(policyDenial(policy(all, typed), at('Web')) ?? '', /denied/)
  assert.equal(policyDenial(policy(all, typed), { ...at('Web'), type: 'AWS::EC2::VPC' }), undefined)
})

test('a policy that cannot be honoured is refused by what is wrong', () => {
  assert.throws(() => checkedPolicy('{'), /not JSON/)
  for (const [member, value] of [
    ['Effect', 'Maybe'],
    ['Action', 'Create:*'],
    ['Principal', 'arn:aws:iam::1:root'],
    ['Condition', { DateLessThan: { Now: '1' } }],
  ] as const) {
    assert.throws(() => checkedPolicy(policy({ ...all, [member]: value })), new RegExp(member))
  }
})
