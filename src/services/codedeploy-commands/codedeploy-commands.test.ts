import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtInConfigs } from '../../deploy/deployment-config.ts'
import { deployWorld } from '../../testing/deploy-world.ts'
import { call } from '../../testing/fake-request.ts'
import type { CommandsShapes } from './commands-operation.ts'
import { codedeployCommandsService } from './index.ts'

const host = 'arn:aws:ec2:us-east-1:000000000000:instance/i-1'

test("a host's commands are polled, explained, acknowledged once and completed once", async () => {
  const world = await deployWorld({ hosts: 1 })
  world.answers.set('i-1', undefined)
  const deploymentId = await world.begin()
  await world.run(1)
  const service = codedeployCommandsService({ deploy: world.deploy })
  const { HostCommand } = await call<CommandsShapes['PollHostCommand'][1]>(
    service,
    'PollHostCommand',
    { HostIdentifier: host },
  )
  assert.equal(HostCommand?.CommandName, 'ApplicationStop')
  assert.equal(HostCommand?.HostIdentifier, host)
  const { DeploymentSystem, DeploymentSpecification } = await call<
    CommandsShapes['GetDeploymentSpecification'][1]
  >(service, 'GetDeploymentSpecification', {
    DeploymentExecutionId: HostCommand?.DeploymentExecutionId,
    HostIdentifier: host,
  })
  assert.equal(DeploymentSystem, 'CodeDeploy')
  assert.equal(DeploymentSpecification.GenericEnvelope.Format, 'PKCS7/JSON')
  assert.match(DeploymentSpecification.GenericEnvelope.Payload, /^-----BEGIN PKCS7-----\n/)
  const { HostCommandIdentifier } = HostCommand!
  const acknowledge = async (): Promise<string> => {
    const output = await call<CommandsShapes['PutHostCommandAcknowledgement'][1]>(
      service,
      'PutHostCommandAcknowledgement',
      { HostCommandIdentifier, Diagnostics: { Format: 'JSON', Payload: '{}' } },
    )
    return output.CommandStatus
  }
  assert.equal(await acknowledge(), 'InProgress')
  assert.equal(await acknowledge(), 'Failed')
  const complete = (payload: object): Promise<unknown> =>
    call(service, 'PutHostCommandComplete', {
      HostCommandIdentifier,
      CommandStatus: 'Failed',
      Diagnostics: { Format: 'JSON', Payload: JSON.stringify(payload) },
    })
  await complete({ error_code: 4, script_name: 'stop.sh', message: 'exit 3', log: '[stderr]no' })
  await complete({ error_code: 5, script_name: '', message: 'again', log: '' })
  await world.run(2)
  const [target] = await world.targetsOf(deploymentId)
  assert.deepEqual(target?.events[0]?.diagnostics, {
    errorCode: 'ScriptFailed',
    scriptName: 'stop.sh',
    message: 'exit 3',
    logTail: '[stderr]no',
  })
})

test('one poll of ours serves many hosts, specification included', async () => {
  const world = await deployWorld({ hosts: 3 })
  world.answers.set('i-1', undefined).set('i-2', undefined).set('i-3', undefined)
  await world.begin({ config: builtInConfigs[0]! })
  await world.run(1)
  const service = codedeployCommandsService({ deploy: world.deploy })
  const { HostCommands } = await call<CommandsShapes['PollHostCommands'][1]>(
    service,
    'PollHostCommands',
    { HostIdentifiers: ['i-1', 'i-2', 'i-3'], RunningCommandIdentifiers: [] },
  )
  assert.equal(HostCommands.length, 3)
  const specification = JSON.parse(HostCommands[0]?.Specification ?? '') as {
    Revision: { S3Revision: object }
  }
  assert.deepEqual(specification.Revision.S3Revision, {
    Bucket: 'b',
    Key: 'v1.zip',
    BundleType: 'zip',
  })
})

test('what is said of many commands at once is answered one by one', async () => {
  const world = await deployWorld({ hosts: 3 })
  world.answers.set('i-1', undefined).set('i-2', undefined).set('i-3', undefined)
  await world.begin({ config: builtInConfigs[0]! })
  await world.run(1)
  const service = codedeployCommandsService({ deploy: world.deploy })
  const { HostCommands } = await call<CommandsShapes['PollHostCommands'][1]>(
    service,
    'PollHostCommands',
    { HostIdentifiers: ['i-1', 'i-2', 'i-3'], CommandsMax: 2 },
  )
  const [one, two, ...others] = HostCommands.map((command) => command.HostCommandIdentifier)
  assert.deepEqual(others, [], 'no more than asked for')
  const tell = async (...Updates: readonly object[]): Promise<readonly object[]> => {
    const answer = await call<CommandsShapes['PutHostCommandUpdates'][1]>(
      service,
      'PutHostCommandUpdates',
      { Updates },
    )
    return answer.Results
  }
  const say = (HostCommandIdentifier: string | undefined, CommandStatus: string): object => ({
    HostCommandIdentifier,
    CommandStatus,
  })
  assert.deepEqual(
    await tell(say(one, 'InProgress'), say('x', 'InProgress'), say(two, 'Succeeded')),
    [
      { CommandStatus: 'InProgress' },
      { ErrorMessage: 'HostCommandIdentifier is not one of this service' },
      { ErrorMessage: 'The command has not been acknowledged, so it cannot have succeeded' },
    ],
  )
  assert.deepEqual(await tell(say(two, 'InProgress'), say(one, 'Succeeded')), [
    { CommandStatus: 'InProgress' },
    { CommandStatus: 'Succeeded' },
  ])
  await assert.rejects(tell(...Array.from({ length: 1001 }, () => say(one, 'InProgress'))), {
    code: 'ClientException',
  })
})

test('what is not ours is a ClientException', async () => {
  const world = await deployWorld({ hosts: 1 })
  const service = codedeployCommandsService({ deploy: world.deploy })
  const refused = (operation: string, input: object): Promise<void> =>
    assert.rejects(call(service, operation, input), { code: 'ClientException' })
  await refused('PollHostCommand', { HostIdentifier: 'arn:aws:iam::1:user/x' })
  await refused('PutHostCommandComplete', { HostCommandIdentifier: 'x', CommandStatus: 'Failed' })
  await refused('GetDeploymentSpecification', { DeploymentExecutionId: 'x', HostIdentifier: host })
})

test('only the instance itself has a part in its commands', async () => {
  const world = await deployWorld({ hosts: 2 })
  world.answers.set('i-1', undefined)
  await world.begin()
  await world.run(1)
  const service = codedeployCommandsService({ deploy: world.deploy })
  const as = (arn: string) => ({
    principal: { arn, account: '000000000000', userId: '', accessKeyId: undefined },
  })
  const session = 'arn:aws:sts::000000000000:assumed-role/web/'
  const poll = (arn: string): Promise<CommandsShapes['PollHostCommand'][1]> =>
    call(service, 'PollHostCommand', { HostIdentifier: host }, as(arn))
  const denied = { code: 'AccessDeniedException' }
  await assert.rejects(poll(`${session}i-2`), denied)
  await assert.rejects(poll('arn:aws:iam::000000000000:user/ann'), denied)
  const { HostCommand } = await poll(`${session}i-1`)
  const about = { HostCommandIdentifier: HostCommand?.HostCommandIdentifier }
  const failed = { ...about, CommandStatus: 'Failed' }
  await assert.rejects(call(service, 'PutHostCommandComplete', failed, as(`${session}i-2`)), denied)
  const other = host.replace('i-1', 'i-9')
  const foreign = {
    DeploymentExecutionId: HostCommand?.DeploymentExecutionId,
    HostIdentifier: other,
  }
  await assert.rejects(call(service, 'GetDeploymentSpecification', foreign, as(`${session}i-9`)), {
    code: 'ClientException',
    message: /no deployment d-\w+ to i-9/,
  })
  const acknowledged = await call<CommandsShapes['PutHostCommandAcknowledgement'][1]>(
    service,
    'PutHostCommandAcknowledgement',
    about,
    as(`${session}i-1`),
  )
  assert.equal(acknowledged.CommandStatus, 'InProgress', 'what the others tried changed nothing')
})
