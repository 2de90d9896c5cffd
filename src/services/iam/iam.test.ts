import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResourceContext, ResourceType } from '../../stacks/resource-type.ts'
import {
  identityScope as scope,
  identityWorld,
  readingPolicy as document,
  trustOfMachines as trust,
} from '../../testing/identity-world.ts'
import { iamResourceTypes } from './index.ts'

test('what `aws deploy register` needs: a user, its key and an inline policy', async () => {
  const { iam, identity } = identityWorld()
  const made = await iam<{ User: { Arn: string; UserId: string } }>('CreateUser', {
    UserName: 'web-1',
    Path: '/AWS/CodeDeploy/',
  })
  assert.equal(made.User.Arn, 'arn:aws:iam::000000000000:user/AWS/CodeDeploy/web-1')
  const { AccessKey: key } = await iam<{
    AccessKey: { AccessKeyId: string; SecretAccessKey: string }
  }>('CreateAccessKey', { UserName: 'web-1' })
  const found = await identity.credentials.find(key.AccessKeyId)
  assert.equal(found?.secretAccessKey, key.SecretAccessKey)
  assert.equal(found?.principal.arn, made.User.Arn)
  assert.equal(found?.principal.userId, made.User.UserId)
  await iam('PutUserPolicy', {
    UserName: 'web-1',
    PolicyName: 'codedeploy-agent',
    PolicyDocument: document,
  })
  const policy = await iam<{ PolicyDocument: string }>('GetUserPolicy', {
    UserName: 'web-1',
    PolicyName: 'codedeploy-agent',
  })
  assert.equal(decodeURIComponent(policy.PolicyDocument), document)
  await assert.rejects(iam('DeleteUser', { UserName: 'web-1' }), {
    code: 'DeleteConflictException',
  })
  await iam('DeleteAccessKey', { UserName: 'web-1', AccessKeyId: key.AccessKeyId })
  await iam('DeleteUserPolicy', { UserName: 'web-1', PolicyName: 'codedeploy-agent' })
  await iam('DeleteUser', { UserName: 'web-1' })
  assert.equal(await identity.credentials.find(key.AccessKeyId), undefined)
  await assert.rejects(iam('GetUser', { UserName: 'web-1' }), {
    code: 'NoSuchEntityException',
    message: 'The user with name web-1 cannot be found.',
  })
})

test('a renamed user keeps its keys and speaks under its new name', async () => {
  const { iam, identity } = identityWorld()
  await iam('CreateUser', { UserName: 'old' })
  const { AccessKey: key } = await iam<{ AccessKey: { AccessKeyId: string } }>('CreateAccessKey', {
    UserName: 'old',
  })
  await identity.credentials.find(key.AccessKeyId)
  await iam('UpdateUser', { UserName: 'old', NewUserName: 'new' })
  const found = await identity.credentials.find(key.AccessKeyId)
  assert.equal(found?.principal.arn, 'arn:aws:iam::000000000000:user/new')
  const keys = await iam<{ AccessKeyMetadata: { AccessKeyId: string }[] }>('ListAccessKeys', {
    UserName: 'new',
  })
  assert.deepEqual(
    keys.AccessKeyMetadata.map((each) => each.AccessKeyId),
    [key.AccessKeyId],
  )
  await iam('UpdateAccessKey', {
    UserName: 'new',
    AccessKeyId: key.AccessKeyId,
    Status: 'Inactive',
  })
  assert.equal(await identity.credentials.find(key.AccessKeyId), undefined)
})

test('a third access key is one too many', async () => {
  const { iam } = identityWorld()
  await iam('CreateUser', { UserName: 'a' })
  await iam('CreateAccessKey', { UserName: 'a' })
  await iam('CreateAccessKey', { UserName: 'a' })
  await assert.rejects(iam('CreateAccessKey', { UserName: 'a' }), {
    code: 'LimitExceededException',
  })
})

test('roles carry policies and instance profiles, and go only without them', async () => {
  const { iam } = identityWorld()
  await iam('CreateRole', { RoleName: 'web', AssumeRolePolicyDocument: trust })
  await assert.rejects(iam('CreateRole', { RoleName: 'web', AssumeRolePolicyDocument: trust }), {
    code: 'EntityAlreadyExistsException',
    message: 'Role with name web already exists.',
  })
  const aws = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
  await iam('AttachRolePolicy', { RoleName: 'web', PolicyArn: aws })
  const { Policy } = await iam<{ Policy: { Arn: string } }>('CreatePolicy', {
    PolicyName: 'read',
    PolicyDocument: document,
  })
  await iam('AttachRolePolicy', { RoleName: 'web', PolicyArn: Policy.Arn })
  const attached = await iam<{ AttachedPolicies: { PolicyName: string }[] }>(
    'ListAttachedRolePolicies',
    { RoleName: 'web' },
  )
  assert.deepEqual(
    attached.AttachedPolicies.map((each) => each.PolicyName),
    ['read', 'AmazonS3ReadOnlyAccess'],
  )
  await assert.rejects(iam('DeletePolicy', { PolicyArn: Policy.Arn }), {
    code: 'DeleteConflictException',
  })
  await iam('CreateInstanceProfile', { InstanceProfileName: 'web' })
  await iam('AddRoleToInstanceProfile', { InstanceProfileName: 'web', RoleName: 'web' })
  const profiles = await iam<{ InstanceProfiles: { Roles: { RoleName: string }[] }[] }>(
    'ListInstanceProfilesForRole',
    { RoleName: 'web' },
  )
  assert.equal(profiles.InstanceProfiles[0]?.Roles[0]?.RoleName, 'web')
  const conflict = { code: 'DeleteConflictException' }
  await assert.rejects(iam('DeleteRole', { RoleName: 'web' }), conflict)
  await assert.rejects(iam('DeleteInstanceProfile', { InstanceProfileName: 'web' }), conflict)
  await iam('RemoveRoleFromInstanceProfile', { InstanceProfileName: 'web', RoleName: 'web' })
  await iam('DeleteInstanceProfile', { InstanceProfileName: 'web' })
  await assert.rejects(iam('DeleteRole', { RoleName: 'web' }), conflict)
  await iam('DetachRolePolicy', { RoleName: 'web', PolicyArn: aws })
  await iam('DetachRolePolicy', { RoleName: 'web', PolicyArn: Policy.Arn })
  await iam('DeletePolicy', { PolicyArn: Policy.Arn })
  await iam('DeleteRole', { RoleName: 'web' })
  await assert.rejects(iam('GetRole', { RoleName: 'web' }), { code: 'NoSuchEntityException' })
})

test('a managed policy has five versions at most, and one of them counts', async () => {
  const { iam } = identityWorld()
  const { Policy } = await iam<{ Policy: { Arn: string } }>('CreatePolicy', {
    PolicyName: 'read',
    PolicyDocument: document,
  })
  const version = { PolicyArn: Policy.Arn, PolicyDocument: document }
  for (let made = 2; made <= 5; made++) await iam('CreatePolicyVersion', version)
  await assert.rejects(iam('CreatePolicyVersion', version), { code: 'LimitExceededException' })
  await iam('SetDefaultPolicyVersion', { PolicyArn: Policy.Arn, VersionId: 'v4' })
  await assert.rejects(iam('DeletePolicyVersion', { PolicyArn: Policy.Arn, VersionId: 'v4' }), {
    code: 'DeleteConflictException',
  })
  await iam('DeletePolicyVersion', { PolicyArn: Policy.Arn, VersionId: 'v1' })
  const { Versions } = await iam<{ Versions: { VersionId: string; IsDefaultVersion: boolean }[] }>(
    'ListPolicyVersions',
    { PolicyArn: Policy.Arn },
  )
  assert.deepEqual(
    Versions.map((each) => [each.VersionId, each.IsDefaultVersion]),
    [
      ['v2', false],
      ['v3', false],
      ['v4', true],
      ['v5', false],
    ],
  )
})

test('bad names, documents and members are refused', async () => {
  const { iam } = identityWorld()
  const role = { RoleName: 'web', AssumeRolePolicyDocument: trust }
  await assert.rejects(iam('CreateRole', { ...role, RoleName: 'a b' }), { code: 'ValidationError' })
  await assert.rejects(iam('CreateRole', { ...role, Path: 'x' }), { code: 'ValidationError' })
  await assert.rejects(iam('CreateRole', { ...role, AssumeRolePolicyDocument: '{' }), {
    code: 'MalformedPolicyDocumentException',
    message: 'This policy contains invalid Json',
  })
  await assert.rejects(iam('CreateRole', { ...role, AssumeRolePolicyDocument: document }), {
    code: 'MalformedPolicyDocumentException',
  })
  await assert.rejects(iam('CreateRole', { ...role, PermissionsBoundary: 'arn' }), /not supported/)
  await assert.rejects(iam('CreateRole', { ...role, Tags: [{ Key: 'aws:x', Value: '' }] }), {
    code: 'InvalidInputException',
  })
})

test('lists come in pages', async () => {
  const { iam } = identityWorld()
  for (const name of ['a', 'b', 'c']) await iam('CreateUser', { UserName: name })
  interface Page {
    Users: { UserName: string }[]
    IsTruncated: boolean
    Marker?: string
  }
  const first = await iam<Page>('ListUsers', { MaxItems: 2 })
  assert.equal(first.IsTruncated, true)
  const second = await iam<Page>('ListUsers', { MaxItems: 2, Marker: first.Marker })
  assert.equal(second.IsTruncated, false)
  assert.deepEqual(
    [...first.Users, ...second.Users].map((user) => user.UserName),
    ['a', 'b', 'c'],
  )
})

function contextOf(logicalId: string): ResourceContext {
  return {
    scope,
    stackName: 'site',
    stackId: 'stack-1',
    logicalId,
    token: `token-${logicalId.toLowerCase()}`,
    tags: [],
    physicalName: () => `site-${logicalId}-1`,
    async started() {},
    signal: new AbortController().signal,
    async until(_what, _milliseconds, check) {
      const value = await check()
      if (value === undefined) throw new Error('not yet')
      return value
    },
  }
}

function typeNamed(types: readonly ResourceType[], name: string): ResourceType {
  const found = types.find((type) => type.name === `AWS::IAM::${name}`)
  assert.ok(found)
  return found
}

test('the CloudFormation types make, find again, change and remove what a template needs', async () => {
  const { iam, identity } = identityWorld()
  const types = iamResourceTypes({ identity })
  const properties: Readonly<Record<string, object>> = {
    Role: {
      AssumeRolePolicyDocument: trust,
      Policies: [{ PolicyName: 'own', PolicyDocument: document }],
    },
    InstanceProfile: { Roles: ['site-Role-1'] },
    Policy: { PolicyName: 'shared', PolicyDocument: document, Roles: ['site-Role-1'] },
    ManagedPolicy: { PolicyDocument: document, Roles: ['site-Role-1'] },
    User: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    AccessKey: { UserName: 'site-User-1' },
  }
  const made = new Map<string, string>()
  for (const [name, given] of Object.entries(properties)) {
    const type = typeNamed(types, name)
    const state = await type.create({ ...given }, contextOf(name))
    assert.deepEqual(await type.create({ ...given }, contextOf(name)), state, `${name} again`)
    made.set(name, state.physicalId)
    assert.deepEqual(Object.keys(state.attributes).sort(), [...type.attributes].sort())
  }
  const inline = await iam<{ PolicyNames: string[] }>('ListRolePolicies', {
    RoleName: 'site-Role-1',
  })
  assert.deepEqual(inline.PolicyNames, ['own', 'shared'])
  const profile = await identity.instanceProfiles.find(scope, 'site-InstanceProfile-1')
  assert.equal(profile?.roleName, 'site-Role-1')
  assert.ok(await identity.instanceProfiles.credentials(scope, profile?.arn ?? '', 'i-1'))

  const role = typeNamed(types, 'Role')
  const before = { ...properties['Role'] }
  const after = { AssumeRolePolicyDocument: trust, Description: 'changed' }
  await role.update?.({ physicalId: 'site-Role-1', before, after }, contextOf('Role'))
  const left = await iam<{ PolicyNames: string[] }>('ListRolePolicies', { RoleName: 'site-Role-1' })
  assert.deepEqual(left.PolicyNames, ['shared'], 'what another resource gave it stays')

  for (const name of Object.keys(properties).reverse()) {
    const removed = {
      physicalId: made.get(name) ?? '',
      properties: { ...properties[name] },
    }
    await typeNamed(types, name).remove(removed, contextOf(name))
    await typeNamed(types, name).remove(removed, contextOf(name))
  }
  assert.deepEqual((await iam<{ Roles: unknown[] }>('ListRoles')).Roles, [])
  assert.deepEqual((await iam<{ Users: unknown[] }>('ListUsers')).Users, [])
})

test('instance profiles and managed policies change their tags, and lists of what is not there are empty', async () => {
  const { iam } = identityWorld()
  const InstanceProfileName = 'web'
  await iam('CreateInstanceProfile', { InstanceProfileName, Tags: [{ Key: 'a', Value: '1' }] })
  await iam('TagInstanceProfile', { InstanceProfileName, Tags: [{ Key: 'b', Value: '2' }] })
  await iam('UntagInstanceProfile', { InstanceProfileName, TagKeys: ['a'] })
  const profile = await iam('ListInstanceProfileTags', { InstanceProfileName })
  assert.deepEqual(profile['Tags'], [{ Key: 'b', Value: '2' }])
  const made = await iam<{ Policy: { Arn: string } }>('CreatePolicy', {
    PolicyName: 'read',
    PolicyDocument: document,
  })
  const PolicyArn = made.Policy.Arn
  await iam('TagPolicy', { PolicyArn, Tags: [{ Key: 'c', Value: '3' }] })
  const policy = await iam('ListPolicyTags', { PolicyArn })
  assert.deepEqual(policy['Tags'], [{ Key: 'c', Value: '3' }])
  await iam('CreateUser', { UserName: 'ann' })
  const devices = await iam('ListMFADevices', { UserName: 'ann' })
  assert.deepEqual(devices['MFADevices'], [])
  await assert.rejects(iam('ListMFADevices', { UserName: 'bob' }), {
    code: 'NoSuchEntityException',
  })
  assert.deepEqual((await iam('ListAccountAliases'))['AccountAliases'], [])
})
