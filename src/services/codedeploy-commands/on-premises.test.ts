import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployWorld, deployScope, type DeployWorldOfTests } from '../../testing/deploy-world.ts'
import { call } from '../../testing/fake-request.ts'
import { deregisterOnPremises } from '../../deploy/on-premises.ts'
import type { Service } from '../../wire/service.ts'
import type { CommandsShapes } from './commands-operation.ts'
import { codedeployCommandsService } from './index.ts'

const userOf = (name: string): string => `arn:aws:iam::000000000000:user/AWS/CodeDeploy/${name}`
const web = { Key: 'role', Value: 'web' }
const selection = {
  ec2TagFilters: [],
  ec2TagSet: [],
  autoScalingGroups: [],
  onPremises: { filters: [], set: [[{ ...web, Type: 'KEY_AND_VALUE' }]] },
} as const

async function stage(): Promise<{ world: DeployWorldOfTests; service: Service }> {
  const world = await deployWorld({ hosts: 0 })
  for (const [instanceName, tags] of [
    ['rack-1', [web]],
    ['rack-2', []],
  ] as const) {
    const instanceArn = `arn:aws:codedeploy:us-east-1:000000000000:instance/${instanceName}_A`
    const identity = { kind: 'user', arn: userOf(instanceName) } as const
    const server = { instanceName, instanceArn, identity, registerTime: 0, tags }
    await world.deploy.registerOnPremises(deployScope, server)
  }
  return { world, service: codedeployCommandsService({ deploy: world.deploy }) }
}

async function carryOut(service: Service, name: string): Promise<string | undefined> {
  const HostIdentifier = userOf(name)
  const { HostCommand } = await call<CommandsShapes['PollHostCommand'][1]>(
    service,
    'PollHostCommand',
    { HostIdentifier },
    { signal: AbortSignal.abort() },
  )
  if (!HostCommand) return undefined
  const { HostCommandIdentifier, DeploymentExecutionId } = HostCommand
  assert.equal(HostCommand.HostIdentifier, HostIdentifier, 'an agent looks for its own host in it')
  await call(service, 'GetDeploymentSpecification', { DeploymentExecutionId, HostIdentifier })
  await call(service, 'PutHostCommandAcknowledgement', { HostCommandIdentifier })
  const CommandStatus = 'Succeeded'
  await call(service, 'PutHostCommandComplete', { HostCommandIdentifier, CommandStatus })
  return HostCommand.CommandName
}

test("servers that a group's tags name are deployed to by agents that sign as their users", async () => {
  const { world, service } = await stage()
  const id = await world.begin({ selection })
  const ran: string[] = []
  for (let round = 0; round < 40; round++) {
    await world.run(1)
    const name = await carryOut(service, 'rack-1')
    if (name !== undefined) ran.push(name)
  }
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  assert.equal(ran.length, 7)
  const targets = await world.targetsOf(id)
  assert.deepEqual(
    targets.map((target) => target.targetId),
    ['rack-1'],
  )
  assert.match(targets[0]?.targetArn ?? '', /:codedeploy:.*:instance\/rack-1_/)
})

test("only a server's own user asks for its commands, and none once it is deregistered", async () => {
  const { world, service } = await stage()
  const id = await world.begin({ selection })
  await world.run(1)
  const poll = (arn: string): Promise<CommandsShapes['PollHostCommand'][1]> =>
    call(
      service,
      'PollHostCommand',
      { HostIdentifier: userOf('rack-1') },
      { principal: { arn, account: '000000000000', userId: '', accessKeyId: undefined } },
    )
  await assert.rejects(poll(userOf('rack-2')), { code: 'AccessDeniedException' })
  const session = 'arn:aws:sts::000000000000:assumed-role/any/rack-1'
  await assert.rejects(poll(session), { code: 'AccessDeniedException' })
  assert.equal((await poll(userOf('rack-1'))).HostCommand?.CommandName, 'ApplicationStop')
  const at = { scope: deployScope, instanceName: 'rack-1' }
  assert.equal(await deregisterOnPremises(world.store, at, 1), true)
  await assert.rejects(poll(userOf('rack-1')), { code: 'ClientException' })
  await world.run()
  assert.equal((await world.deployment(id)).status, 'Failed')
  const [target] = await world.targetsOf(id)
  assert.match(target?.events[0]?.diagnostics?.message ?? '', /it was deregistered/)
})
