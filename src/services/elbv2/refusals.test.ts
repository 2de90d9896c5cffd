import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateRuleOutput,
  CreateTargetGroupOutput,
  DescribeRulesOutput,
  ModifyTargetGroupOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { balanceWorld } from '../../testing/balance-world.ts'
import { call } from '../../testing/fake-request.ts'
import { elbv2Service } from './index.ts'

async function site() {
  const world = await balanceWorld()
  const { balance, network, subnetIds, vpcId } = world
  const service = elbv2Service({ balance, network })
  const groupNamed = async (Name: string, more: object = {}): Promise<string> => {
    const wish = { Name, Protocol: 'HTTP', Port: 80, VpcId: vpcId, ...more }
    const made = await call<CreateTargetGroupOutput>(service, 'CreateTargetGroup', wish)
    return made.TargetGroups?.[0]?.TargetGroupArn ?? ''
  }
  const balancer = await call<CreateLoadBalancerOutput>(service, 'CreateLoadBalancer', {
    Name: 'web',
    Subnets: subnetIds,
  })
  const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn ?? ''
  const TargetGroupArn = await groupNamed('web')
  const listener = await call<CreateListenerOutput>(service, 'CreateListener', {
    LoadBalancerArn,
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  })
  const ListenerArn = listener.Listeners?.[0]?.ListenerArn ?? ''
  return { ...world, service, groupNamed, LoadBalancerArn, TargetGroupArn, ListenerArn }
}

test('what is no ARN of this account and region is told from what is not there', async (t) => {
  const { service, close, LoadBalancerArn, ListenerArn } = await site()
  t.after(close)
  const elsewhere = LoadBalancerArn.replace(':000000000000:', ':111111111111:')
  const cases: readonly (readonly [string, object, string])[] = [
    ['DescribeLoadBalancers', { LoadBalancerArns: ['x'] }, "'x' is not a valid load balancer ARN"],
    ['DescribeTags', { ResourceArns: ['x'] }, "'x' is not a valid load balancing ARN"],
    ['DescribeTargetGroups', { TargetGroupArns: ['x'] }, "'x' is not a valid target group ARN"],
    ['DescribeTargetHealth', { TargetGroupArn: 'x' }, "'x' is not a valid target group ARN"],
    ['DeleteListener', { ListenerArn: 'x' }, "'x' is not a valid listener ARN"],
    ['DescribeRules', { RuleArns: ['x'] }, "'x' is not a valid listener rule ARN"],
    ['DeleteTargetGroup', { TargetGroupArn: 'x' }, "'x' is not a valid target group ARN"],
    [
      'DescribeLoadBalancerAttributes',
      { LoadBalancerArn: elsewhere },
      `'${elsewhere}' is not a valid load balancer ARN`,
    ],
    [
      'DescribeRules',
      { ListenerArn, RuleArns: ['x'] },
      'Listener rule ARNs and a listener ARN cannot be specified at the same time',
    ],
    ['DescribeListeners', {}, 'You must specify either listener ARNs or a load balancer ARN'],
  ]
  for (const [operation, input, message] of cases) {
    await assert.rejects(call(service, operation, input), { code: 'ValidationError', message })
  }
})

test('names are refused in AWS’s words', async (t) => {
  const { service, close, groupNamed, subnetIds } = await site()
  t.after(close)
  const balancerNamed = (Name: string) =>
    call(service, 'CreateLoadBalancer', { Name, Subnets: subnetIds })
  const long = 'a'.repeat(33)
  await assert.rejects(balancerNamed(long), {
    message: `The load balancer name '${long}' cannot be longer than '32' characters`,
  })
  await assert.rejects(balancerNamed('a_b'), /can only contain characters that are alphanumeric/)
  await assert.rejects(balancerNamed('a-'), /cannot begin or end with a hyphen/)
  await assert.rejects(groupNamed(long), {
    message: `Target group name '${long}' cannot be longer than '32' characters`,
  })
})

test('a rule has one condition of a kind, and actions that can be carried out', async (t) => {
  const { service, close, groupNamed, TargetGroupArn, ListenerArn } = await site()
  t.after(close)
  const one = { Field: 'path-pattern', Values: ['/a'] }
  const rule = (action: object, Conditions: readonly object[] = [one]) =>
    call<CreateRuleOutput>(service, 'CreateRule', {
      ListenerArn,
      Priority: 1,
      Conditions,
      Actions: [action],
    })
  const forward = { Type: 'forward', TargetGroupArn }
  await assert.rejects(rule(forward, [one, { Field: 'path-pattern', Values: ['/b'] }]), {
    code: 'ValidationError',
    message: "A rule can have only one 'path-pattern' condition",
  })
  const answer = (more: object) => ({
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode: '200', MessageBody: 'a', ...more },
  })
  await assert.rejects(rule(answer({ ContentType: 'image/png' })), /ContentType must be one of/)
  const redirect = (more: object) => ({
    Type: 'redirect',
    RedirectConfig: { StatusCode: 'HTTP_301', ...more },
  })
  await assert.rejects(rule(redirect({ Port: '99999' })), /port '99999'/)
  await assert.rejects(rule(redirect({ Path: 'no' })), /path 'no' must start with '\/'/)
  await assert.rejects(rule(redirect({ Protocol: 'FTP' })), /protocol 'FTP'/)
  const loop = { Host: '#{host}', Path: '/#{path}', Query: 'x=1' }
  await assert.rejects(rule(redirect(loop)), { code: 'InvalidConfigurationRequestException' })
  const groups = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => groupNamed(name)))
  const to = (arns: readonly string[]) => ({
    Type: 'forward',
    ForwardConfig: { TargetGroups: arns.map((arn) => ({ TargetGroupArn: arn, Weight: 100 })) },
  })
  await assert.rejects(rule(to(groups)), /at most 5 target groups/)
  await assert.rejects(rule(to([TargetGroupArn, TargetGroupArn])), /only once/)
  const gone = `${TargetGroupArn}0`
  await assert.rejects(rule(to([gone])), { message: `Target groups '${gone}' not found` })
  const { Rules } = await rule(to([TargetGroupArn]))
  // A plan of infrastructure that asks for 100 must read 100.
  assert.deepEqual(Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups, [
    { TargetGroupArn, Weight: 100 },
  ])
})

test('the default rule stays as its listener has it, and tags of the platform stay its own', async (t) => {
  const { service, close, LoadBalancerArn, ListenerArn } = await site()
  t.after(close)
  const { Rules } = await call<DescribeRulesOutput>(service, 'DescribeRules', { ListenerArn })
  const RuleArn = Rules?.at(-1)?.RuleArn
  const fixed = { code: 'OperationNotPermittedException', message: /Default rule/ }
  await assert.rejects(call(service, 'ModifyRule', { RuleArn }), fixed)
  await assert.rejects(call(service, 'DeleteRule', { RuleArn }), fixed)
  const RulePriorities = [{ RuleArn, Priority: 1 }]
  await assert.rejects(call(service, 'SetRulePriorities', { RulePriorities }), fixed)
  const reserved = { message: 'aws: prefixed tag key names are not allowed for external use.' }
  const ResourceArns = [LoadBalancerArn]
  const Tags = [{ Key: 'aws:x', Value: '1' }]
  await assert.rejects(call(service, 'AddTags', { ResourceArns, Tags }), reserved)
  await assert.rejects(call(service, 'RemoveTags', { ResourceArns, TagKeys: ['aws:x'] }), reserved)
})

test('checks of a network balancer’s targets begin with AWS’s times and codes', async (t) => {
  const { service, close, vpcId, groupNamed } = await site()
  t.after(close)
  const made = await call<CreateTargetGroupOutput>(service, 'CreateTargetGroup', {
    Name: 'tls',
    Protocol: 'TCP',
    Port: 443,
    VpcId: vpcId,
    HealthCheckProtocol: 'HTTPS',
    Matcher: { HttpCode: '200-599' },
  })
  assert.equal(made.TargetGroups?.[0]?.HealthCheckTimeoutSeconds, 10)
  const TargetGroupArn = await groupNamed('tcp', { Protocol: 'TCP' })
  const changed = await call<ModifyTargetGroupOutput>(service, 'ModifyTargetGroup', {
    TargetGroupArn,
    HealthCheckProtocol: 'HTTP',
  })
  assert.equal(changed.TargetGroups?.[0]?.Matcher?.HttpCode, '200-399')
  await assert.rejects(groupNamed('even', { HealthCheckTimeoutSeconds: 30 }), {
    code: 'ValidationError',
    message: 'Health check interval must be greater than the timeout.',
  })
})
