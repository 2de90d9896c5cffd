import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ec2World } from '../../testing/ec2-world.ts'

async function group() {
  const { call, close } = await ec2World({})
  const vpc = await call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const VpcId = vpc.Vpc?.VpcId ?? ''
  const made = await call('CreateSecurityGroup', { GroupName: 'web', Description: 'w', VpcId })
  return { call, close, GroupId: made.GroupId ?? '', VpcId }
}

const named = (name: string) => ({ name })
const web = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80 }

test('a rule is found by what it lets through or by its id, and described anew', async (t) => {
  const { call, close, GroupId } = await group()
  t.after(close)
  const IpRanges = [{ CidrIp: '0.0.0.0/0', Description: 'all' }, { CidrIp: '10.0.0.0/8' }]
  const made = await call('AuthorizeSecurityGroupIngress', {
    GroupId,
    IpPermissions: [{ ...web, IpRanges }],
  })
  const [first, second] = made.SecurityGroupRules ?? []
  await call('UpdateSecurityGroupRuleDescriptionsIngress', {
    GroupId,
    IpPermissions: [{ ...web, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'ours' }] }],
  })
  await call('UpdateSecurityGroupRuleDescriptionsIngress', {
    GroupId,
    SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: first?.SecurityGroupRuleId }],
  })
  const shown = await call('DescribeSecurityGroups', { GroupIds: [GroupId] })
  assert.deepEqual(shown.SecurityGroups?.[0]?.IpPermissions?.[0]?.IpRanges, [
    { CidrIp: '0.0.0.0/0' },
    { CidrIp: '10.0.0.0/8', Description: 'ours' },
  ])
  const elsewhere = call('UpdateSecurityGroupRuleDescriptionsEgress', {
    GroupId,
    SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: second?.SecurityGroupRuleId }],
  })
  await assert.rejects(elsewhere, named('InvalidSecurityGroupRuleId.NotFound'))
  const unknown = call('UpdateSecurityGroupRuleDescriptionsIngress', {
    GroupId,
    IpPermissions: [{ ...web, IpRanges: [{ CidrIp: '11.0.0.0/8' }] }],
  })
  await assert.rejects(unknown, named('InvalidPermission.NotFound'))
})

test('a rule keeps its id and tags in other words, and becomes no second one of another', async (t) => {
  const { call, close, GroupId } = await group()
  t.after(close)
  const made = await call('AuthorizeSecurityGroupIngress', {
    GroupId,
    IpPermissions: [{ ...web, IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8' }] }],
    TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'a', Value: 'b' }] }],
  })
  const SecurityGroupRuleId = made.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? ''
  const modify = (rule: object) =>
    call('ModifySecurityGroupRules', {
      GroupId,
      SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule: { ...web, ...rule } }],
    })
  await modify({ ToPort: 90, CidrIpv4: '0.0.0.0/0', Description: 'more' })
  const found = await call('DescribeSecurityGroupRules', {
    SecurityGroupRuleIds: [SecurityGroupRuleId],
  })
  const rule = found.SecurityGroupRules?.[0]
  assert.deepEqual([rule?.ToPort, rule?.Description], [90, 'more'])
  assert.deepEqual(rule?.Tags, [{ Key: 'a', Value: 'b' }])
  await assert.rejects(modify({ CidrIpv4: '10.0.0.0/8' }), named('InvalidPermission.Duplicate'))
  await assert.rejects(modify({ CidrIpv6: '::/0' }), named('InvalidParameterValue'))
  await assert.rejects(modify({}), named('InvalidParameterCombination'))
  const twoPeers = modify({ CidrIpv4: '1.0.0.0/8', ReferencedGroupId: GroupId })
  await assert.rejects(twoPeers, named('InvalidParameterCombination'))
})

test('ranges of IPv6 are kept in one form, and what is revoked is told', async (t) => {
  const { call, close, GroupId } = await group()
  t.after(close)
  const IpPermissions = (CidrIpv6: string) => [{ ...web, Ipv6Ranges: [{ CidrIpv6 }] }]
  await call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: IpPermissions('0::0/0') })
  const again = { GroupId, IpPermissions: IpPermissions('::/0') }
  await assert.rejects(
    call('AuthorizeSecurityGroupIngress', again),
    named('InvalidPermission.Duplicate'),
  )
  const shown = await call('DescribeSecurityGroups', {
    Filters: [{ Name: 'ip-permission.ipv6-cidr', Values: ['::/0'] }],
  })
  const [permission] = shown.SecurityGroups?.[0]?.IpPermissions ?? []
  assert.deepEqual([permission?.IpRanges, permission?.Ipv6Ranges], [[], [{ CidrIpv6: '::/0' }]])
  const revoked = await call('RevokeSecurityGroupIngress', again)
  assert.equal(revoked.RevokedSecurityGroupRules?.[0]?.CidrIpv6, '::/0')
  const malformed = { GroupId, IpPermissions: IpPermissions('10.0.0.0/8/8') }
  await assert.rejects(
    call('AuthorizeSecurityGroupIngress', malformed),
    named('InvalidParameterValue'),
  )
})
