import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateTargetGroupOutput,
  DescribeTargetGroupAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { balanceWorld } from '../../testing/balance-world.ts'
import { call } from '../../testing/fake-request.ts'
import { elbv2Service } from './index.ts'

type Ask = <T>(operation: string, input: object) => Promise<T>

async function within(body: (ask: Ask, subnetIds: string[], VpcId: string) => Promise<void>) {
  const world = await balanceWorld()
  const service = elbv2Service(world)
  try {
    await body((operation, input) => call(service, operation, input), world.subnetIds, world.vpcId)
  } finally {
    await world.close()
  }
}

test('a group of gRPC is checked by a call that nobody has, and only over HTTPS used', () =>
  within(async (ask, Subnets, VpcId) => {
    const group = { Protocol: 'HTTP', Port: 50_051, VpcId, ProtocolVersion: 'GRPC' }
    const made = await ask<CreateTargetGroupOutput>('CreateTargetGroup', {
      ...group,
      Name: 'calls',
    })
    const [view = {}] = made.TargetGroups ?? []
    assert.deepEqual(
      [view.ProtocolVersion, view.HealthCheckPath, view.Matcher],
      ['GRPC', '/AWS.ALB/healthcheck', { GrpcCode: '12' }],
    )
    const { LoadBalancers } = await ask<CreateLoadBalancerOutput>('CreateLoadBalancer', {
      ...{ Name: 'web', Subnets },
    })
    const listener = {
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      ...{ Protocol: 'HTTP', Port: 80 },
      DefaultActions: [{ Type: 'forward', TargetGroupArn: view.TargetGroupArn }],
    }
    await assert.rejects(ask('CreateListener', listener), {
      code: 'InvalidLoadBalancerActionException',
      message:
        "Listener protocol 'HTTP' is not supported with a target group with the protocol-version 'GRPC'",
    })
    const codes = { ...group, Name: 'codes', Matcher: { GrpcCode: '0-5' } }
    const other = await ask<CreateTargetGroupOutput>('CreateTargetGroup', codes)
    assert.deepEqual(other.TargetGroups?.[0]?.Matcher, { GrpcCode: '0-5' })
    for (const Matcher of [{ HttpCode: '200' }, { GrpcCode: '100' }, { GrpcCode: 'x' }]) {
      await assert.rejects(ask('CreateTargetGroup', { ...group, Name: 'bad', Matcher }), {
        code: 'ValidationError',
      })
    }
  }))

test('codes of gRPC are for gRPC alone, and a changed check keeps its kind', () =>
  within(async (ask, _subnets, VpcId) => {
    const group = { Name: 'two', Protocol: 'HTTP', Port: 80, VpcId, ProtocolVersion: 'HTTP2' }
    const Matcher = { GrpcCode: '12' }
    await assert.rejects(ask('CreateTargetGroup', { ...group, Matcher }), {
      code: 'ValidationError',
    })
    const made = await ask<CreateTargetGroupOutput>('CreateTargetGroup', group)
    const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn
    const changed = await ask<CreateTargetGroupOutput>('ModifyTargetGroup', {
      ...{ TargetGroupArn, HealthCheckPath: '/ok' },
    })
    const [view] = changed.TargetGroups ?? []
    assert.deepEqual([view?.ProtocolVersion, view?.Matcher], ['HTTP2', { HttpCode: '200' }])
  }))

test('a network balancer’s group tells its targets of clients where it is asked to', () =>
  within(async (ask, _subnets, VpcId) => {
    const group = { Name: 'flow', Protocol: 'TCP', Port: 7000, VpcId }
    const made = await ask<CreateTargetGroupOutput>('CreateTargetGroup', group)
    const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn
    const Attributes = [{ Key: 'proxy_protocol_v2.enabled', Value: 'true' }]
    const { Attributes: listed = [] } = await ask<DescribeTargetGroupAttributesOutput>(
      ...(['ModifyTargetGroupAttributes', { TargetGroupArn, Attributes }] as const),
    )
    const found = listed.find(({ Key }) => Key === 'proxy_protocol_v2.enabled')
    assert.equal(found?.Value, 'true')
  }))

test('datagrams have listeners and groups of their own, which keep the client’s address', () =>
  within(async (ask, Subnets, VpcId) => {
    const { LoadBalancers } = await ask<CreateLoadBalancerOutput>('CreateLoadBalancer', {
      ...{ Name: 'flow', Type: 'network', Subnets },
    })
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn
    const groups = new Map<string, string | undefined>()
    for (const Protocol of ['TCP', 'UDP', 'TCP_UDP']) {
      const group = { Name: Protocol.replace('_', '-'), Protocol, Port: 53, VpcId }
      const made = await ask<CreateTargetGroupOutput>('CreateTargetGroup', group)
      const [view] = made.TargetGroups ?? []
      assert.deepEqual([view?.Protocol, view?.HealthCheckProtocol], [Protocol, 'TCP'])
      groups.set(Protocol, view?.TargetGroupArn)
    }
    let Port = 1000
    const open = (Protocol: string, group: string) =>
      ask<CreateListenerOutput>('CreateListener', {
        ...{ LoadBalancerArn, Protocol, Port: Port++ },
        DefaultActions: [{ Type: 'forward', TargetGroupArn: groups.get(group) }],
      })
    const fits: Readonly<Record<string, readonly string[]>> = {
      TCP: ['TCP', 'TCP_UDP'],
      UDP: ['UDP', 'TCP_UDP'],
      TCP_UDP: ['TCP_UDP'],
    }
    for (const [listener, taken] of Object.entries(fits)) {
      for (const group of groups.keys()) {
        if (!taken.includes(group)) {
          const code = 'IncompatibleProtocolsException'
          await assert.rejects(open(listener, group), { code }, `${listener} to ${group}`)
          continue
        }
        const { Listeners } = await open(listener, group)
        assert.equal(Listeners?.[0]?.Protocol, listener)
        const { ListenerArn } = Listeners?.[0] ?? {}
        const moved = await ask<CreateListenerOutput>('ModifyListener', {
          ...{ ListenerArn, Port: Port++ },
        })
        assert.equal(moved.Listeners?.[0]?.Protocol, listener)
      }
    }
    const { Attributes = [] } = await ask<DescribeTargetGroupAttributesOutput>(
      ...(['DescribeTargetGroupAttributes', { TargetGroupArn: groups.get('UDP') }] as const),
    )
    const kept = Attributes.find(({ Key }) => Key === 'preserve_client_ip.enabled')
    assert.equal(kept?.Value, 'true')
    await assert.rejects(open('HTTP', 'TCP'), {
      message: "Listener protocol 'HTTP' must be one of 'TCP, TLS, UDP, TCP_UDP'",
    })
  }))

test('what the network itself passes on is not chosen for, ended or timed by anybody', () =>
  within(async (ask, Subnets, VpcId) => {
    const { LoadBalancers } = await ask<CreateLoadBalancerOutput>('CreateLoadBalancer', {
      ...{ Name: 'flow', Type: 'network', Subnets },
    })
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn
    const group = { Name: 'flow', Protocol: 'TCP', Port: 7000, VpcId }
    const made = await ask<CreateTargetGroupOutput>('CreateTargetGroup', group)
    const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn
    const set = (Key: string, Value: string) =>
      ask('ModifyTargetGroupAttributes', { TargetGroupArn, Attributes: [{ Key, Value }] })
    for (const key of [
      'stickiness.enabled',
      'deregistration_delay.connection_termination.enabled',
    ]) {
      await set(key, 'true')
      await assert.rejects(set('preserve_client_ip.enabled', 'true'), new RegExp(key))
      await set(key, 'false')
    }
    const DefaultActions = [{ Type: 'forward', TargetGroupArn }]
    const listener = { LoadBalancerArn, Protocol: 'TCP', Port: 7000, DefaultActions }
    const { Listeners } = await ask<CreateListenerOutput>('CreateListener', listener)
    const ListenerArn = Listeners?.[0]?.ListenerArn
    const time = (Value: string) =>
      ask<DescribeTargetGroupAttributesOutput>('ModifyListenerAttributes', {
        ...{ ListenerArn, Attributes: [{ Key: 'tcp.idle_timeout.seconds', Value }] },
      })
    await assert.rejects(time('59'), /between 60 and 6000/)
    assert.equal((await time('6000')).Attributes?.[0]?.Value, '6000')
    await assert.rejects(set('preserve_client_ip.enabled', 'true'), /idle_timeout/)
    await time('350')
    await set('preserve_client_ip.enabled', 'true')
    await time('350')
    await assert.rejects(time('60'), /always '350'/)
  }))
