import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPolicy } from '../../identity/domain/policy-document.ts'
import {
  identityWorld,
  readingPolicy as document,
  trustOfMachines as trust,
  type IdentityWorld,
} from '../../testing/identity-world.ts'
import { awsPolicies } from './aws-policies.ts'

const core = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'
const deployer = 'arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole'
interface PolicyAnswer {
  readonly Policy: Readonly<Record<string, unknown>>
}

async function siteWith(iam: IdentityWorld['iam']): Promise<string> {
  await iam('CreateRole', { RoleName: 'web', Path: '/site/', AssumeRolePolicyDocument: trust })
  await iam('CreateUser', { UserName: 'ann' })
  await iam('CreateGroup', { GroupName: 'staff' })
  await iam('AddUserToGroup', { GroupName: 'staff', UserName: 'ann' })
  await iam('AttachRolePolicy', { RoleName: 'web', PolicyArn: core })
  const { Policy } = await iam<PolicyAnswer>('CreatePolicy', {
    PolicyName: 'read',
    PolicyDocument: document,
  })
  for (const holder of [{ RoleName: 'web' }, { UserName: 'ann' }, { GroupName: 'staff' }]) {
    const operation = `Attach${Object.keys(holder)[0]?.replace('Name', '')}Policy`
    await iam(operation, { ...holder, PolicyArn: Policy['Arn'] })
  }
  return String(Policy['Arn'])
}

test('each of the policies of AWS is a policy as IAM takes it', () => {
  for (const { name, versions } of awsPolicies) {
    assert.deepEqual(readPolicy(versions[0]?.document ?? '', 'identity').ok, true, name)
  }
  assert.equal(new Set(awsPolicies.map(({ arn }) => arn)).size, awsPolicies.length)
})

test('a policy of AWS tells its version, its document and how often it is attached', async () => {
  const { iam } = identityWorld()
  await siteWith(iam)
  const { Policy } = await iam<PolicyAnswer>('GetPolicy', { PolicyArn: core })
  assert.equal(Policy['PolicyName'], 'AmazonSSMManagedInstanceCore')
  assert.equal(Policy['DefaultVersionId'], 'v2')
  assert.equal(Policy['AttachmentCount'], 1)
  const { PolicyVersion } = await iam<{ PolicyVersion: { Document: string } }>('GetPolicyVersion', {
    PolicyArn: core,
    VersionId: 'v2',
  })
  const { Statement } = JSON.parse(decodeURIComponent(PolicyVersion.Document)) as {
    Statement: readonly { Action: readonly string[] }[]
  }
  assert.ok(Statement[0]?.Action.includes('ssm:UpdateInstanceInformation'))
  const role = await iam<PolicyAnswer>('GetPolicy', { PolicyArn: deployer })
  assert.equal(role.Policy['Path'], '/service-role/')
  for (const [operation, input] of [
    ['GetPolicy', { PolicyArn: 'arn:aws:iam::aws:policy/AWSCodeDeployRole' }],
    ['GetPolicyVersion', { PolicyArn: core, VersionId: 'v1' }],
    ['DeletePolicy', { PolicyArn: core }],
  ] as const) {
    await assert.rejects(iam(operation, input), { code: 'NoSuchEntityException' })
  }
})

test("lists tell AWS's policies from the account's, and those that are attached", async () => {
  const { iam } = identityWorld()
  const own = await siteWith(iam)
  const arnsOf = async (input: object) => {
    const { Policies } = await iam<{ Policies: readonly { Arn: string }[] }>('ListPolicies', input)
    return Policies.map(({ Arn }) => Arn)
  }
  assert.deepEqual(await arnsOf({ Scope: 'Local' }), [own])
  assert.equal((await arnsOf({ Scope: 'AWS' })).length, awsPolicies.length)
  assert.equal((await arnsOf({})).length, awsPolicies.length + 1)
  assert.deepEqual(await arnsOf({ Scope: 'AWS', OnlyAttached: true }), [core])
  assert.ok((await arnsOf({ Scope: 'AWS', PathPrefix: '/service-role/' })).includes(deployer))
})

test('who holds a policy is told by kind and path, page by page', async () => {
  const { iam } = identityWorld()
  const PolicyArn = await siteWith(iam)
  const all = await iam('ListEntitiesForPolicy', { PolicyArn })
  const named = (answer: Record<string, unknown>) =>
    ['PolicyGroups', 'PolicyUsers', 'PolicyRoles'].map((list) => (answer[list] as []).length)
  assert.deepEqual(named(all), [1, 1, 1])
  assert.deepEqual(
    named(await iam('ListEntitiesForPolicy', { PolicyArn, EntityFilter: 'Role' })),
    [0, 0, 1],
  )
  assert.deepEqual(
    named(await iam('ListEntitiesForPolicy', { PolicyArn, PathPrefix: '/site/' })),
    [0, 0, 1],
  )
  const first = await iam('ListEntitiesForPolicy', { PolicyArn, MaxItems: 2 })
  assert.equal(first['IsTruncated'], true)
  const { Marker } = first
  const second = await iam('ListEntitiesForPolicy', { PolicyArn, MaxItems: 2, Marker })
  const sum = named(first).map((count, index) => count + (named(second)[index] ?? 0))
  assert.deepEqual([sum, second['IsTruncated']], [[1, 1, 1], false])
})

test('an account tells all who are in it, with their policies and documents', async () => {
  const { iam } = identityWorld()
  const own = await siteWith(iam)
  await iam('CreateInstanceProfile', { InstanceProfileName: 'web' })
  await iam('AddRoleToInstanceProfile', { InstanceProfileName: 'web', RoleName: 'web' })
  await iam('PutUserPolicy', { UserName: 'ann', PolicyName: 'in', PolicyDocument: document })
  type Details = Record<string, readonly Record<string, unknown>[]>
  const details = await iam<Details>('GetAccountAuthorizationDetails')
  const [user] = details['UserDetailList'] ?? []
  assert.deepEqual(user?.['GroupList'], ['staff'])
  assert.deepEqual(user?.['UserPolicyList'], [
    { PolicyName: 'in', PolicyDocument: encodeURIComponent(document) },
  ])
  const [role] = details['RoleDetailList'] ?? []
  assert.equal((role?.['InstanceProfileList'] as [] | undefined)?.length, 1)
  assert.deepEqual(role?.['AttachedManagedPolicies'], [
    { PolicyName: 'AmazonSSMManagedInstanceCore', PolicyArn: core },
    { PolicyName: 'read', PolicyArn: own },
  ])
  const versions = details['Policies']?.map((policy) => policy['PolicyVersionList'] as [])
  assert.deepEqual(
    versions?.map((list) => list.length),
    [1, 1],
  )
  const some = await iam<Details>('GetAccountAuthorizationDetails', { Filter: ['Group'] })
  assert.equal(some['GroupDetailList']?.length, 1)
  assert.equal(some['UserDetailList']?.length, 0)
  await assert.rejects(iam('GetAccountAuthorizationDetails', { Filter: ['Robot'] }), {
    code: 'ValidationError',
  })
  const { SummaryMap } = await iam<{ SummaryMap: Record<string, number> }>('GetAccountSummary')
  assert.deepEqual(
    ['Users', 'Groups', 'Roles', 'Policies', 'InstanceProfiles'].map((key) => SummaryMap[key]),
    [1, 1, 1, 1, 1],
  )
  assert.equal(SummaryMap['VersionsPerPolicyQuota'], 5)
})
