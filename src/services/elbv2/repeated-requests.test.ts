import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CreateTargetGroupOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { balanceWorld } from '../../testing/balance-world.ts'
import { call } from '../../testing/fake-request.ts'
import { elbv2Service } from './index.ts'

test('the same target group asked for at once is one; other settings and doubled tags are refused', async (t) => {
  const world = await balanceWorld()
  const { balance, network, scope } = world
  t.after(() => world.close())
  const service = elbv2Service({ balance, network })
  const [subnet] = await network.defaultSubnets(scope)
  const make = async (Port: number): Promise<string | undefined> => {
    const wish = { Name: 'web', Protocol: 'HTTP', Port, VpcId: subnet?.vpcId }
    const made = await call<CreateTargetGroupOutput>(service, 'CreateTargetGroup', wish)
    return made.TargetGroups?.[0]?.TargetGroupArn
  }
  const arns = await Promise.all([make(80), make(80), make(80)])
  assert.equal(new Set(arns).size, 1)
  await assert.rejects(make(81), { code: 'DuplicateTargetGroupNameException' })
  const tag = { Key: 'a', Value: '1' }
  const doubled = { ResourceArns: [arns[0]], Tags: [tag, tag] }
  await assert.rejects(call(service, 'AddTags', doubled), { code: 'DuplicateTagKeysException' })
})
