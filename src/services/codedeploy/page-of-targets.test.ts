import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  ListDeploymentInstancesCommandOutput,
  ListDeploymentTargetsCommandOutput,
} from '@aws-sdk/client-codedeploy'
import { deploymentTargets, type DeploymentTarget } from '../../deploy/deployment-target.ts'
import { deployScope, deployWorld } from '../../testing/deploy-world.ts'
import { call } from '../../testing/fake-request.ts'
import { codedeployService } from './index.ts'

/** A deployment with so many targets more; every third of them failed. */
async function face(count: number) {
  const world = await deployWorld({ hosts: 1 })
  const service = codedeployService({ deploy: world.deploy })
  const deploymentId = await world.begin()
  for (let n = 0; n < count; n++) {
    const targetId = `rack-${String(n).padStart(4, '0')}`
    const id = `${deploymentId}/${targetId}`
    const value: DeploymentTarget = {
      deploymentId,
      targetId,
      targetArn: targetId,
      status: n % 3 === 0 ? 'Failed' : 'Succeeded',
      wasHealthy: true,
      revisionAge: 'unknown',
      lastUpdatedAt: 0,
      events: [],
    }
    await world.store.insert(
      deploymentTargets,
      { scope: deployScope, id, owner: deploymentId },
      value,
    )
  }
  return { service, deploymentId }
}

test('the targets of a deployment are listed a hundred at a time, each once', async () => {
  const { service, deploymentId } = await face(2150)
  const seen: string[] = []
  let nextToken: string | undefined
  do {
    const page = await call<ListDeploymentTargetsCommandOutput>(service, 'ListDeploymentTargets', {
      deploymentId,
      ...(nextToken !== undefined && { nextToken }),
    })
    assert.ok((page.targetIds?.length ?? 0) <= 100)
    seen.push(...(page.targetIds ?? []))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  assert.equal(seen.length, 2150)
  assert.deepEqual(seen, [...new Set(seen)].toSorted())
})

test('a filter fills its pages, and the last page says so', async () => {
  const { service, deploymentId } = await face(600)
  const list = (nextToken?: string): Promise<ListDeploymentInstancesCommandOutput> =>
    call(service, 'ListDeploymentInstances', {
      deploymentId,
      instanceStatusFilter: ['Failed'],
      ...(nextToken !== undefined && { nextToken }),
    })
  const first = await list()
  assert.equal(first.instancesList?.length, 100)
  const second = await list(first.nextToken)
  assert.equal(second.instancesList?.length, 100)
  assert.equal(second.instancesList?.[0], 'rack-0300')
  assert.equal(second.nextToken, undefined)
  await assert.rejects(list('made up'), { code: 'InvalidNextTokenException' })
})
