import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResourceContext, ResourceType } from '../../stacks/resource-type.ts'
import { identityScope as scope, identityWorld } from '../../testing/identity-world.ts'
import { iamResourceTypes } from './index.ts'

const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'cloudformation:*', Resource: '*' }],
})

function world() {
  const { iam, identity } = identityWorld()
  const types = new Map(iamResourceTypes({ identity }).map((type) => [type.name, type]))
  const type = (name: string): ResourceType => {
    const found = types.get(`AWS::IAM::${name}`)
    assert.ok(found)
    return found
  }
  return { iam, type }
}

function context(logicalId: string): ResourceContext {
  return {
    scope,
    stackName: 'people',
    stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/people/1',
    logicalId,
    token: `token-${logicalId.toLowerCase()}`,
    tags: [],
    physicalName: () => `people-${logicalId}-1`,
    async started() {},
    signal: new AbortController().signal,
    until: async () => assert.fail('nothing to wait for'),
  }
}

interface Named {
  readonly GroupName: string
}
interface Listed {
  readonly Groups: readonly Named[]
}

test('a user joins groups and leaves them, and neither goes before that', async () => {
  const { iam } = world()
  await iam('CreateUser', { UserName: 'ann' })
  const { Group } = await iam<{ Group: { Arn: string; GroupId: string } }>('CreateGroup', {
    GroupName: 'admins',
    Path: '/staff/',
  })
  assert.equal(Group.Arn, 'arn:aws:iam::000000000000:group/staff/admins')
  assert.match(Group.GroupId, /^AGPA/)
  await assert.rejects(iam('CreateGroup', { GroupName: 'admins' }), {
    code: 'EntityAlreadyExistsException',
    message: 'Group with name admins already exists.',
  })
  await iam('AddUserToGroup', { GroupName: 'admins', UserName: 'ann' })
  await iam('AddUserToGroup', { GroupName: 'admins', UserName: 'ann' })
  const { Groups } = await iam<Listed>('ListGroupsForUser', { UserName: 'ann' })
  assert.deepEqual(
    Groups.map(({ GroupName }) => GroupName),
    ['admins'],
  )
  await assert.rejects(iam('DeleteUser', { UserName: 'ann' }), { code: 'DeleteConflictException' })
  await assert.rejects(iam('DeleteGroup', { GroupName: 'admins' }), {
    code: 'DeleteConflictException',
  })
  await iam('UpdateUser', { UserName: 'ann', NewUserName: 'bea' })
  await iam('UpdateGroup', { GroupName: 'admins', NewGroupName: 'chiefs' })
  const { Users } = await iam<{ Users: { UserName: string }[] }>('GetGroup', {
    GroupName: 'chiefs',
  })
  assert.deepEqual(
    Users.map(({ UserName }) => UserName),
    ['bea'],
  )
  await iam('RemoveUserFromGroup', { GroupName: 'chiefs', UserName: 'bea' })
  await iam('DeleteGroup', { GroupName: 'chiefs' })
  await iam('DeleteUser', { UserName: 'bea' })
  await assert.rejects(iam('GetGroup', { GroupName: 'chiefs' }), {
    code: 'NoSuchEntityException',
    message: 'The group with name chiefs cannot be found.',
  })
})

test('the eleventh group of a user is one too many', async () => {
  const { iam } = world()
  await iam('CreateUser', { UserName: 'ann' })
  const names = Array.from({ length: 11 }, (_, index) => `g${index}`)
  for (const GroupName of names) await iam('CreateGroup', { GroupName })
  for (const GroupName of names.slice(0, 10)) {
    await iam('AddUserToGroup', { GroupName, UserName: 'ann' })
  }
  await assert.rejects(iam('AddUserToGroup', { GroupName: 'g10', UserName: 'ann' }), {
    code: 'LimitExceededException',
  })
})

test('groups carry policies, and a managed policy knows them', async () => {
  const { iam } = world()
  await iam('CreateGroup', { GroupName: 'admins' })
  const { Policy } = await iam<{ Policy: { Arn: string } }>('CreatePolicy', {
    PolicyName: 'all',
    PolicyDocument: document,
  })
  const PolicyArn = Policy.Arn
  await iam('AttachGroupPolicy', { GroupName: 'admins', PolicyArn })
  await iam('PutGroupPolicy', { GroupName: 'admins', PolicyName: 'in', PolicyDocument: document })
  const entities = await iam<{ PolicyGroups: readonly Named[] }>('ListEntitiesForPolicy', {
    PolicyArn,
  })
  assert.equal(entities.PolicyGroups[0]?.GroupName, 'admins')
  await assert.rejects(iam('DeletePolicy', { PolicyArn }), { code: 'DeleteConflictException' })
  await assert.rejects(iam('DeleteGroup', { GroupName: 'admins' }), {
    code: 'DeleteConflictException',
  })
  const attached = await iam<{ AttachedPolicies: { PolicyName: string }[] }>(
    'ListAttachedGroupPolicies',
    { GroupName: 'admins' },
  )
  assert.equal(attached.AttachedPolicies[0]?.PolicyName, 'all')
  const held = await iam<{ PolicyNames: string[] }>('ListGroupPolicies', { GroupName: 'admins' })
  assert.deepEqual(held.PolicyNames, ['in'])
  const shown = await iam<{ PolicyDocument: string }>('GetGroupPolicy', {
    GroupName: 'admins',
    PolicyName: 'in',
  })
  assert.equal(decodeURIComponent(shown.PolicyDocument), document)
  await iam('DeleteGroupPolicy', { GroupName: 'admins', PolicyName: 'in' })
  await iam('DetachGroupPolicy', { GroupName: 'admins', PolicyArn })
  const { Groups } = await iam<Listed>('ListGroups')
  assert.equal(Groups.length, 1)
  await iam('DeleteGroup', { GroupName: 'admins' })
})

test('a login profile wants a password that IAM takes, and goes before its user', async () => {
  const { iam } = world()
  await iam('CreateUser', { UserName: 'ann' })
  await assert.rejects(iam('CreateLoginProfile', { UserName: 'ann', Password: 'short' }), {
    code: 'PasswordPolicyViolationException',
  })
  await assert.rejects(iam('GetLoginProfile', { UserName: 'ann' }), {
    code: 'NoSuchEntityException',
  })
  await iam('CreateLoginProfile', { UserName: 'ann', Password: 'Passw0rd1' })
  await iam('UpdateLoginProfile', { UserName: 'ann', PasswordResetRequired: true })
  const { LoginProfile } = await iam<{ LoginProfile: { PasswordResetRequired: boolean } }>(
    'GetLoginProfile',
    { UserName: 'ann' },
  )
  assert.equal(LoginProfile.PasswordResetRequired, true)
  await assert.rejects(iam('DeleteUser', { UserName: 'ann' }), { code: 'DeleteConflictException' })
  await iam('DeleteLoginProfile', { UserName: 'ann' })
  await iam('DeleteUser', { UserName: 'ann' })
})

test('templates make users, groups and who is in them, and take them away again', async () => {
  const { iam, type } = world()
  const user = await type('User').create(
    { LoginProfile: { Password: 'Passw0rd1' } },
    context('User'),
  )
  const policies = [{ PolicyName: 'p', PolicyDocument: document }]
  const group = await type('Group').create({ Policies: policies }, context('Admins'))
  const wish = { GroupName: group.physicalId, Users: [user.physicalId] }
  const addition = await type('UserToGroupAddition').create(wish, context('Members'))
  const inline = { PolicyName: 'q', PolicyDocument: document, Groups: [group.physicalId] }
  const policy = await type('Policy').create(inline, context('Policy'))
  const held = await iam<{ PolicyNames: string[] }>('ListGroupPolicies', {
    GroupName: group.physicalId,
  })
  assert.deepEqual(held.PolicyNames, ['p', 'q'])
  const members = async (): Promise<number> => {
    const { Users } = await iam<{ Users: object[] }>('GetGroup', { GroupName: group.physicalId })
    return Users.length
  }
  assert.equal(await members(), 1)
  const change = { physicalId: addition.physicalId, before: wish }
  await type('UserToGroupAddition').update?.(
    { ...change, after: { ...wish, Users: [] } },
    context('Members'),
  )
  assert.equal(await members(), 0)
  const gone = (logicalId: string, physicalId: string, properties: object = {}) =>
    type(logicalId).remove({ physicalId, properties: { ...properties } }, context(logicalId))
  await gone('Policy', policy.physicalId, inline)
  await gone('UserToGroupAddition', addition.physicalId, wish)
  await gone('Group', group.physicalId)
  await gone('User', user.physicalId)
  assert.deepEqual((await iam<{ Users: object[] }>('ListUsers')).Users, [])
  assert.deepEqual((await iam<Listed>('ListGroups')).Groups, [])
})
