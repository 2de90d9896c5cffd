import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  DescribeRepositoriesCommandOutput,
  GetRepositoryPolicyCommandOutput,
} from '@aws-sdk/client-ecr'
import type { ResourceContext } from '../../stacks/resource-type.ts'
import { call } from '../../testing/fake-request.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { memoryStore } from '../../testing/memory-store.ts'
import { ecrResourceTypes, ecrService } from './index.ts'

const scope = { account: '000000000000', region: 'us-east-1' }

function face() {
  const clock = manualClock()
  const deps = { store: memoryStore(clock), clock }
  const [type] = ecrResourceTypes(deps)
  assert.ok(type)
  return { service: ecrService(deps), type }
}

test('a repository is a record with its policies, and its image operations do not exist', async () => {
  const { service } = face()
  await call(service, 'CreateRepository', { repositoryName: 'app/web' })
  const again = call(service, 'CreateRepository', { repositoryName: 'app/web' })
  await assert.rejects(again, { code: 'RepositoryAlreadyExistsException' })
  await assert.rejects(call(service, 'CreateRepository', { repositoryName: 'App' }), {
    code: 'InvalidParameterException',
  })
  const { repositories = [] } = await call<DescribeRepositoriesCommandOutput>(
    service,
    'DescribeRepositories',
    {},
  )
  assert.equal(
    repositories[0]?.repositoryUri,
    '000000000000.dkr.ecr.us-east-1.amazonaws.com/app/web',
  )
  const at = { repositoryName: 'app/web' }
  await assert.rejects(call(service, 'GetRepositoryPolicy', at), {
    code: 'RepositoryPolicyNotFoundException',
  })
  await assert.rejects(call(service, 'SetRepositoryPolicy', { ...at, policyText: 'no' }), {
    code: 'InvalidParameterException',
  })
  await call(service, 'SetRepositoryPolicy', { ...at, policyText: '{}' })
  const { policyText } = await call<GetRepositoryPolicyCommandOutput>(
    service,
    'GetRepositoryPolicy',
    at,
  )
  assert.equal(policyText, '{}')
  assert.deepEqual(await call(service, 'DescribeImages', at), { imageDetails: [] })
  const latest = { ...at, imageIds: [{ imageTag: 'latest' }] }
  await assert.rejects(call(service, 'DescribeImages', latest), { code: 'ImageNotFoundException' })
  await call(service, 'DeleteRepository', at)
  await assert.rejects(call(service, 'DescribeImages', at), { code: 'RepositoryNotFoundException' })
  await assert.rejects(call(service, 'DescribeRepositories', { repositoryNames: ['app/web'] }), {
    code: 'RepositoryNotFoundException',
  })
  assert.equal(Object.hasOwn(service.operations, 'PutImage'), false)
})

test('a stack makes its repository once, however often it asks', async () => {
  const { service, type } = face()
  const context = {
    scope,
    token: 't',
    tags: [],
    physicalName: () => 'Stack-Repo-1',
    started: async () => undefined,
  } as unknown as ResourceContext
  const properties = { ImageTagMutability: 'IMMUTABLE', RepositoryPolicyText: '{"a":1}' }
  const made = await type.create(properties, context)
  assert.deepEqual(await type.create(properties, context), made)
  assert.equal(made.physicalId, 'stack-repo-1')
  await type.update?.({ physicalId: made.physicalId, before: properties, after: {} }, context)
  await assert.rejects(call(service, 'GetRepositoryPolicy', { repositoryName: 'stack-repo-1' }), {
    code: 'RepositoryPolicyNotFoundException',
  })
  await type.remove({ physicalId: made.physicalId, properties: {} }, context)
  await type.remove({ physicalId: made.physicalId, properties: {} }, context)
})
