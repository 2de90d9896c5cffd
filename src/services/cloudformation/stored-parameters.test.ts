import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribeStacksCommandOutput } from '@aws-sdk/client-cloudformation'
import { call } from '../../testing/fake-request.ts'
import { stackBench } from '../../testing/stack-bench.ts'
import { cloudformationService } from './index.ts'

const body = `
Parameters:
  Image: { Type: "AWS::SSM::Parameter::Value<String>", Default: /images/web }
  Zones: { Type: "AWS::SSM::Parameter::Value<List<String>>", Default: /zones }
Resources:
  A: { Type: "Fake::Thing", Properties: { Value: !Ref Image, Fixed: !Select [1, !Ref Zones] } }`

test('a parameter of an SSM type stands for the stored value, which every operation reads again', async () => {
  const stored = new Map([
    ['/images/web', 'ami-1'],
    ['/zones', 'a, b'],
  ])
  const bench = await stackBench({ stored })
  const service = cloudformationService({ stacks: bench.stacks, takesRole: async () => false })
  await call(service, 'CreateStack', { StackName: 's', TemplateBody: body })
  await bench.settle()
  const [made] = [...bench.world.live.values()]
  assert.deepEqual(made?.properties, { Value: 'ami-1', Fixed: 'b' })
  const at = { StackName: 's' }
  const { Stacks } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', at)
  assert.deepEqual(Stacks?.[0]?.Parameters?.[0], {
    ParameterKey: 'Image',
    ParameterValue: '/images/web',
    ResolvedValue: 'ami-1',
  })
  stored.set('/images/web', 'ami-2')
  await call(service, 'UpdateStack', { ...at, UsePreviousTemplate: true })
  await bench.settle()
  assert.equal([...bench.world.live.values()][0]?.properties['Value'], 'ami-2')
  stored.delete('/zones')
  await assert.rejects(
    call(service, 'UpdateStack', { ...at, UsePreviousTemplate: true }),
    /Unable to fetch parameters \[\/zones\] from parameter store/,
  )
})
