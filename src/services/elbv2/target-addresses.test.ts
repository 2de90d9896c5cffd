import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  CreateTargetGroupOutput,
  DescribeTargetHealthOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { balanceWorld } from '../../testing/balance-world.ts'
import { call } from '../../testing/fake-request.ts'
import { elbv2Service } from './index.ts'

test('an address belongs to its subnet’s zone; one outside the VPC is private and of all zones', async (t) => {
  const world = await balanceWorld()
  const { balance, network, scope } = world
  t.after(() => world.close())
  const service = elbv2Service({ balance, network })
  const [subnet] = await network.defaultSubnets(scope)
  const group = { Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: subnet?.vpcId, TargetType: 'ip' }
  const made = await call<CreateTargetGroupOutput>(service, 'CreateTargetGroup', group)
  const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn
  const inside = (subnet?.cidr ?? '').replace(/\d+\/\d+$/, '9')
  const register = (...Targets: object[]) =>
    call(service, 'RegisterTargets', { TargetGroupArn, Targets })
  const zones = async (): Promise<Readonly<Record<string, string | undefined>>> => {
    const asked = { TargetGroupArn }
    const told = await call<DescribeTargetHealthOutput>(service, 'DescribeTargetHealth', asked)
    const targets = (told.TargetHealthDescriptions ?? []).map(({ Target }) => Target)
    return Object.fromEntries(targets.map((one) => [one?.Id, one?.AvailabilityZone]))
  }
  const all = { AvailabilityZone: 'all' }
  const isInvalid = { code: 'ValidationError' }
  await assert.rejects(register({ Id: inside }, { Id: '8.8.8.8', ...all }), isInvalid)
  assert.deepEqual(await zones(), {}, 'nothing of a refused request is done')
  await assert.rejects(register({ Id: '10.99.1.1' }), /must be 'all'/)
  await assert.rejects(register({ Id: '10.99.1.999', ...all }), isInvalid)
  await assert.rejects(register({ Id: inside, AvailabilityZone: 'us-east-1z' }), isInvalid)
  await register({ Id: '10.99.1.1', ...all }, { Id: inside })
  assert.deepEqual(await zones(), { '10.99.1.1': 'all', [inside]: subnet?.zone })
  await assert.rejects(
    call(service, 'ModifyTargetGroup', { TargetGroupArn, HealthCheckEnabled: false }),
    /cannot be disabled/,
  )
})
