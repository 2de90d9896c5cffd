import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readResponsePath } from '../../stacks/custom-requests.ts'
import { readResponse } from '../../stacks/domain/read-response.ts'
import { call } from '../../testing/fake-request.ts'
import { stackBench, type StackBench } from '../../testing/stack-bench.ts'
import type { Service } from '../../wire/service.ts'
import { cloudformationResourceTypes, cloudformationService } from './index.ts'

type Asked = Readonly<Record<string, unknown>> & {
  readonly RequestType: string
  readonly ResponseURL: string
}

interface Stage {
  readonly service: Service
  readonly bench: StackBench
  readonly asked: Asked[]
  /** Answers the latest request, as its maker does. */
  answer(response: object): Promise<void>
}

async function stage(hasTopics = true): Promise<Stage> {
  const asked: Asked[] = []
  const notifier = {
    refusal: async () => undefined,
    publish: async (_scope: unknown, _topic: string, { message }: { message: string }) => {
      asked.push(JSON.parse(message) as Asked)
    },
  }
  const bench = await stackBench({
    ...(hasTopics ? { notifier } : {}),
    ownTypes: (stacks) => cloudformationResourceTypes({ stacks, insideEndpoint: '' }),
  })
  const service = cloudformationService({ stacks: bench.stacks, takesRole: async () => true })
  return {
    ...{ service, bench, asked },
    async answer(response) {
      const { pathname, search } = new URL(asked.at(-1)?.ResponseURL ?? '')
      const address = readResponsePath(pathname + search)
      assert.ok(address)
      assert.ok(await bench.stacks.customRequests.answer(address, readResponse(response)))
      await bench.settle(2000)
    },
  }
}

const topic = 'arn:aws:sns:us-east-1:000000000000:makers'
const body = (size: string, token = topic): string => `
Resources:
  Site:
    Type: Custom::Site
    Properties: { ServiceToken: "${token}", Size: ${size}, Deep: { On: true } }
  After: { Type: "Fake::Thing", Properties: { Value: !GetAtt Site.Address } }
Outputs: { Id: { Value: !Ref Site } }`

async function begun({ service, bench }: Stage, text = body('3')): Promise<void> {
  await call(service, 'CreateStack', { StackName: 'shop', TemplateBody: text })
  await bench.settle()
}

const made = { Status: 'SUCCESS', PhysicalResourceId: 'site-1', Data: { Address: 'here' } }

test('a custom resource is asked of its topic, waits for the answer, and gives its data', async () => {
  const at = await stage()
  await begun(at)
  assert.equal((await at.bench.find('shop')).status, 'CREATE_IN_PROGRESS')
  const { stackId } = await at.bench.find('shop')
  const [first] = at.asked
  const { ResponseURL, RequestId, ...rest } = first ?? ({} as Asked)
  assert.match(
    ResponseURL,
    /^http:\/\/127\.0\.0\.1:4566\/cloudformation-custom-resource-response-useast1\/arn/,
  )
  assert.match(String(RequestId), /^[0-9a-f-]{36}$/)
  assert.deepEqual(rest, {
    RequestType: 'Create',
    ServiceToken: topic,
    StackId: stackId,
    LogicalResourceId: 'Site',
    ResourceType: 'Custom::Site',
    ResourceProperties: { ServiceToken: topic, Size: '3', Deep: { On: 'true' } },
  })
  await at.answer(made)
  const stack = await at.bench.find('shop')
  assert.equal(stack.status, 'CREATE_COMPLETE')
  assert.deepEqual(stack.outputs, [{ name: 'Id', value: 'site-1' }])
  assert.equal([...at.bench.world.live.values()][0]?.properties['Value'], 'here')

  await call(at.service, 'DeleteStack', { StackName: 'shop' })
  await at.bench.settle(2000)
  assert.equal(at.asked.at(-1)?.RequestType, 'Delete')
  assert.equal(at.asked.at(-1)?.['PhysicalResourceId'], 'site-1')
  await at.answer({ Status: 'SUCCESS' })
  assert.equal((await at.bench.find(stackId)).status, 'DELETE_COMPLETE')
})

test('an update that answers with another physical id has the old one deleted in the clean-up', async () => {
  const at = await stage()
  await begun(at)
  await at.answer(made)
  const named = { StackName: 'shop', ChangeSetName: 'next' }
  await call(at.service, 'CreateChangeSet', { ...named, TemplateBody: body('4') })
  await call(at.service, 'ExecuteChangeSet', named)
  await at.bench.settle()
  const update = at.asked.at(-1)
  assert.match(update?.ResponseURL ?? '', /^http:\/\/127\.0\.0\.1:4566\//)
  assert.deepEqual([update?.RequestType, update?.['PhysicalResourceId']], ['Update', 'site-1'])
  assert.match(JSON.stringify(update?.['OldResourceProperties']), /"Size":"3"/)
  await at.answer({ ...made, PhysicalResourceId: 'site-2' })
  const removal = at.asked.at(-1)
  assert.deepEqual([removal?.RequestType, removal?.['PhysicalResourceId']], ['Delete', 'site-1'])
  await at.answer({ Status: 'SUCCESS' })
  const stack = await at.bench.find('shop')
  assert.equal(stack.status, 'UPDATE_COMPLETE')
  assert.deepEqual(stack.outputs, [{ name: 'Id', value: 'site-2' }])
  assert.ok(
    (await at.bench.events('shop')).includes(
      'Site UPDATE_IN_PROGRESS Requested update required the provider to create a new physical resource',
    ),
  )
})

test('a failure is told in its words, and what may have been made is deleted', async () => {
  const at = await stage()
  await begun(at)
  await at.answer({ Status: 'FAILED', Reason: 'no room', PhysicalResourceId: 'half' })
  assert.deepEqual(
    [at.asked.at(-1)?.RequestType, at.asked.at(-1)?.['PhysicalResourceId']],
    ['Delete', 'half'],
  )
  await at.answer({ Status: 'SUCCESS', PhysicalResourceId: 'half' })
  assert.equal((await at.bench.find('shop')).status, 'ROLLBACK_COMPLETE')
  const failed = (await at.bench.events('shop')).find((each) => each.includes('CREATE_FAILED'))
  assert.match(
    failed ?? '',
    /^Site CREATE_FAILED Received response status \[FAILED\] from custom resource\. Message returned: no room \(RequestId: /,
  )
})

test('silence fails it after its ServiceTimeout, and an answer without a physical id at once', async () => {
  const at = await stage()
  await begun(at, body('3').replace('Size: 3', 'ServiceTimeout: 10'))
  await at.bench.settle(5000)
  assert.equal((await at.bench.find('shop')).status, 'CREATE_IN_PROGRESS')
  await at.bench.settle(7000)
  assert.equal(at.asked.at(-1)?.RequestType, 'Delete')
  const failed = (await at.bench.events('shop')).find((each) => each.includes('CREATE_FAILED'))
  assert.match(failed ?? '', /CloudFormation did not receive a response from your Custom Resource/)

  const other = await stage()
  await begun(other)
  await other.answer({ Status: 'SUCCESS' })
  const invalid = (await other.bench.events('shop')).find((each) => each.includes('CREATE_FAILED'))
  assert.equal(invalid, 'Site CREATE_FAILED Invalid PhysicalResourceId')
})

test('a maker that is no topic is refused by name before anything is made', async () => {
  const token = 'arn:aws:lambda:us-east-1:000000000000:function:maker'
  const at = await stage()
  await begun(at, body('3', token))
  assert.equal(at.asked.length, 0)
  const events = (await at.bench.events('shop')).join(' ')
  assert.match(events, /must be the ARN of an SNS topic: arn:aws:lambda:[^ ]+ is of lambda/)
  const without = await stage(false)
  await begun(without)
  assert.match((await without.bench.events('shop')).join(' '), /ServiceToken/)
})
