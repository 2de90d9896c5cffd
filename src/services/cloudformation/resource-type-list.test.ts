import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  DescribeTypeCommandOutput,
  ListTypesCommandOutput,
} from '@aws-sdk/client-cloudformation'
import { call } from '../../testing/fake-request.ts'
import { stackBench } from '../../testing/stack-bench.ts'
import { cloudformationService } from './index.ts'

test('resource types are listed, and described by what is honoured of them', async () => {
  const { stacks } = await stackBench()
  const service = cloudformationService({ stacks, takesRole: async () => true })
  const list = (input: object) => call<ListTypesCommandOutput>(service, 'ListTypes', input)
  const listed = await list({ Visibility: 'PUBLIC', Type: 'RESOURCE' })
  const arn = 'arn:aws:cloudformation:us-east-1::type/resource/Fake-Thing'
  assert.deepEqual(listed.TypeSummaries, [
    { Type: 'RESOURCE', TypeName: 'Fake::Thing', TypeArn: arn, IsActivated: true },
  ])
  assert.deepEqual((await list({})).TypeSummaries, [])
  const prefix = { Visibility: 'PUBLIC', Filters: { TypeNamePrefix: 'AWS::' } }
  assert.deepEqual((await list(prefix)).TypeSummaries, [])

  const described = await call<DescribeTypeCommandOutput>(service, 'DescribeType', { Arn: arn })
  const schema = JSON.parse(described.Schema ?? '') as Record<string, unknown>
  assert.deepEqual(schema['createOnlyProperties'], ['/properties/Fixed'])
  assert.deepEqual(schema['readOnlyProperties'], ['/properties/Arn'])
  assert.equal(schema['additionalProperties'], false)
  const none = { Type: 'RESOURCE', TypeName: 'AWS::RDS::DBInstance' }
  await assert.rejects(call(service, 'DescribeType', none), /AWS::RDS::DBInstance/)
})
