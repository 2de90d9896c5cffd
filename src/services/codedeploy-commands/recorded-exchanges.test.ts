import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployWorld, type DeployWorldOfTests } from '../../testing/deploy-world.ts'
import { hostsOfCommands, type HostOfCommands } from '../../testing/host-of-commands.ts'

/**
 * What AWS's agents send for a command, member for member in their order, and what they need of the answers: 1.8 (Ruby), as it was
 * recorded when it ran against this protocol, and 2.x (Rust), as its source says (fact sheet §1.1 to §1.5, §1.9).
 */
async function oneHost(): Promise<{ world: DeployWorldOfTests; host: HostOfCommands; id: string }> {
  const world = await deployWorld({ hosts: 1 })
  world.answers.set('i-1', undefined)
  const id = await world.begin()
  await world.run(1)
  return { world, host: hostsOfCommands(world)('i-1'), id }
}

interface Taken {
  readonly HostCommandIdentifier: string
  readonly HostIdentifier: string
  readonly DeploymentExecutionId: string
  readonly CommandName: string
}

/** Poll, then the specification: both agents ask for it before they acknowledge. */
async function take(host: HostOfCommands, isSecure = false): Promise<Taken> {
  const polled = await host.send('PollHostCommand', { HostIdentifier: host.arn }, { isSecure })
  assert.equal(polled.status, 200)
  const headers = new Headers({ ...polled.headers })
  assert.match(headers.get('content-type') ?? '', /^application\/x-amz-json-1\.1/)
  const { HostCommand } = JSON.parse(polled.body) as { HostCommand: Taken }
  // 1.8: its own identifier must include the answer's; the execution id has the form of the model's pattern, 129 characters at most.
  assert.ok(host.arn.includes(HostCommand.HostIdentifier))
  assert.match(HostCommand.DeploymentExecutionId, /^[^/]+\/[^/]+\/[^/]+\/.+$/)
  assert.ok(HostCommand.DeploymentExecutionId.length <= 129)
  const { DeploymentExecutionId } = HostCommand
  const explained = await host.send(
    'GetDeploymentSpecification',
    { DeploymentExecutionId, HostIdentifier: host.arn },
    { isSecure },
  )
  const answer = JSON.parse(explained.body) as {
    DeploymentSystem: string
    DeploymentSpecification: { GenericEnvelope: { Format: string; Payload: string } }
  }
  assert.equal(answer.DeploymentSystem, 'CodeDeploy')
  const { Format, Payload } = answer.DeploymentSpecification.GenericEnvelope
  assert.equal(Format, 'PKCS7/JSON')
  // PEM: 2.x reads nothing else.
  assert.match(Payload, /^-----BEGIN PKCS7-----\n[A-Za-z0-9+/=\n]+-----END PKCS7-----\n$/)
  const bytes = Buffer.from(Payload.replaceAll(/-----.*-----|\n/g, ''), 'base64').toString('latin1')
  const specification = JSON.parse(
    bytes.slice(bytes.indexOf('{"DeploymentId"'), bytes.indexOf('}}}') + 3),
  ) as Record<string, unknown>
  for (const name of [
    'DeploymentId',
    'DeploymentGroupId',
    'DeploymentGroupName',
    'ApplicationName',
  ]) {
    assert.equal(typeof specification[name], 'string', name)
  }
  // 1.8 fails its Install when it is told these.
  assert.equal(specification['AllPossibleLifecycleEvents'], undefined)
  return HostCommand
}

async function acknowledge(host: HostOfCommands, command: Taken, noop = true): Promise<string> {
  const reply = await host.send('PutHostCommandAcknowledgement', {
    HostCommandIdentifier: command.HostCommandIdentifier,
    Diagnostics: { Format: 'JSON', Payload: JSON.stringify({ IsCommandNoop: noop }) },
  })
  assert.equal(reply.status, 200)
  return (JSON.parse(reply.body) as { CommandStatus: string }).CommandStatus
}

async function complete(
  host: HostOfCommands,
  command: Taken,
  end: { readonly status: 'Succeeded' | 'Failed'; readonly payload: object },
): Promise<void> {
  const reply = await host.send('PutHostCommandComplete', {
    HostCommandIdentifier: command.HostCommandIdentifier,
    CommandStatus: end.status,
    Diagnostics: { Format: 'JSON', Payload: JSON.stringify(end.payload) },
  })
  assert.equal(reply.status, 200)
  assert.equal(reply.body, '{}')
}

const ok = { error_code: 0, script_name: '', message: 'Succeeded: ', log: '' }

test("1.8's whole deployment: seven commands in order, each acknowledged and completed", async () => {
  const { world, host, id } = await oneHost()
  const names: string[] = []
  for (let event = 0; event < 7; event++) {
    const command = await take(host)
    names.push(command.CommandName)
    assert.equal(await acknowledge(host, command, command.CommandName !== 'Install'), 'InProgress')
    await complete(host, command, { status: 'Succeeded', payload: ok })
    await world.run(1)
  }
  assert.deepEqual(names, [
    'ApplicationStop',
    'DownloadBundle',
    'BeforeInstall',
    'Install',
    'AfterInstall',
    'ApplicationStart',
    'ValidateService',
  ])
  assert.equal((await world.deployment(id)).status, 'Succeeded')
  const [target] = await world.targetsOf(id)
  assert.ok(target?.events.every((event) => event.diagnostics?.message === 'Succeeded'))
})

test('1.8 sends a failure twice: the first, which has the log, counts', async () => {
  const { world, host, id } = await oneHost()
  const command = await take(host)
  await acknowledge(host, command)
  const log = 'LifecycleEvent - ApplicationStop\nScript - stop.sh\n[stderr]no such service\n'
  const message = 'Script at specified location: stop.sh failed with exit code 3'
  await complete(host, command, {
    status: 'Failed',
    payload: { error_code: 4, script_name: 'stop.sh', message, log },
  })
  await world.run(2)
  await complete(host, command, {
    status: 'Failed',
    payload: { error_code: 5, script_name: '', message, log: '' },
  })
  const [target] = await world.targetsOf(id)
  assert.deepEqual(target?.events[0]?.diagnostics, {
    errorCode: 'ScriptFailed',
    scriptName: 'stop.sh',
    message,
    logTail: log,
  })
})

test('1.8 that cannot read the specification fails a command that it did not acknowledge', async () => {
  const { world, host, id } = await oneHost()
  const command = await take(host)
  const message = 'Provided deployment spec was nil'
  await complete(host, command, {
    status: 'Failed',
    payload: { error_code: 5, script_name: '', message, log: '' },
  })
  await world.run(2)
  const [target] = await world.targetsOf(id)
  assert.equal(target?.events[0]?.diagnostics?.message, message)
  assert.equal((await world.deployment(id)).status, 'Failed')
})

test('1.8 that was polled twice: the second acknowledgement is Failed, and its end of a no-op is taken', async () => {
  const { world, host } = await oneHost()
  const command = await take(host)
  await world.clock.advance(6000)
  const again = await take(host)
  assert.equal(again.HostCommandIdentifier, command.HostCommandIdentifier, 'its lease ran out')
  assert.equal(await acknowledge(host, command), 'InProgress')
  assert.equal(await acknowledge(host, again), 'Failed')
  const payload = { ...ok, message: 'Succeeded: CompletedNoopCommand' }
  await complete(host, again, { status: 'Succeeded', payload })
  await complete(host, command, { status: 'Succeeded', payload: ok })
  await world.run(1)
  assert.equal((await take(host)).CommandName, 'DownloadBundle')
})

test('an agent that was restarted in a hook says so with code 7', async () => {
  const { world, host, id } = await oneHost()
  const command = await take(host)
  await acknowledge(host, command, false)
  const message = 'Failed: Failing in-progress lifecycle event after an agent restart.'
  await complete(host, command, {
    status: 'Failed',
    payload: { error_code: 7, script_name: '', message, log: '' },
  })
  await world.run(2)
  const [target] = await world.targetsOf(id)
  assert.match(target?.events[0]?.diagnostics?.message ?? '', /the agent was restarted/)
})

test('enable_auth_policy of both agents: the other target and the other signing name', async () => {
  const { host } = await oneHost()
  const command = await take(host, true)
  const reply = await host.send(
    'PutHostCommandAcknowledgement',
    // 2.x leaves an absent Diagnostics out.
    { HostCommandIdentifier: command.HostCommandIdentifier },
    { isSecure: true },
  )
  assert.deepEqual(JSON.parse(reply.body), { CommandStatus: 'InProgress' })
  const updated = await host.send(
    'PostHostCommandUpdate',
    {
      HostCommandIdentifier: command.HostCommandIdentifier,
      EstimatedCompletionTime: '2026-02-19T12:00:00Z',
    },
    { isSecure: true },
  )
  assert.deepEqual(
    [updated.status, JSON.parse(updated.body)],
    [200, { CommandStatus: 'InProgress' }],
  )
})

test('nothing to do is an empty object', async () => {
  const world = await deployWorld({ hosts: 1 })
  const host = hostsOfCommands(world)('i-1')
  const polling = host.send('PollHostCommand', { HostIdentifier: host.arn })
  while ((await Promise.race([polling, world.clock.advance(1000)])) === undefined) continue
  const reply = await polling
  assert.deepEqual([reply.status, reply.body], [200, '{}'])
})
