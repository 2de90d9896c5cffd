import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployWorld, type DeployWorldOfTests } from '../../testing/deploy-world.ts'
import { hostsOfCommands, type HostOfCommands } from '../../testing/host-of-commands.ts'
import type { PlainReply } from '../../testing/fake-wire.ts'

interface Scene {
  readonly world: DeployWorldOfTests
  readonly host: HostOfCommands
  readonly other: HostOfCommands
  readonly deploymentId: string
  /** Of `host`, polled and not acknowledged. */
  readonly command: {
    readonly HostCommandIdentifier: string
    readonly DeploymentExecutionId: string
  }
}

async function scene(): Promise<Scene> {
  const world = await deployWorld({ hosts: 2 })
  for (const id of ['i-1', 'i-2']) world.answers.set(id, undefined)
  const deploymentId = await world.begin()
  await world.run(1)
  const hosts = hostsOfCommands(world)
  const host = hosts('i-1')
  const polled = await host.send('PollHostCommand', { HostIdentifier: host.arn })
  const { HostCommand: command } = JSON.parse(polled.body) as { HostCommand: Scene['command'] }
  return { world, host, other: hosts('i-2'), deploymentId, command }
}

/** The reply is this error, and what the store has is what it had. */
async function changesNothing(
  { world }: Scene,
  act: () => Promise<PlainReply>,
  error: { readonly code: string; readonly message: RegExp },
): Promise<void> {
  const before = await world.store.listAll({ name: 'deploy/host-command' })
  const reply = await act()
  assert.equal(reply.status, 400, reply.body)
  const { __type, message, Message } = JSON.parse(reply.body) as Record<string, string>
  assert.equal(__type?.replace(/^.*#/, ''), error.code)
  assert.match(message ?? Message ?? '', error.message)
  assert.deepEqual(await world.store.listAll({ name: 'deploy/host-command' }), before)
}

const envelope = (payload: string): object => ({ Format: 'JSON', Payload: payload })
const done = (status: string, payload = '{"error_code":0}'): object => ({
  CommandStatus: status,
  Diagnostics: envelope(payload),
})
const denied = { code: 'AccessDeniedException', message: /not authorized for the commands of i-1/ }

test("another host neither polls, reads, acknowledges nor completes this one's command", async () => {
  const at = await scene()
  const { host, other, command } = at
  const { HostCommandIdentifier, DeploymentExecutionId } = command
  const attempts: readonly [string, object][] = [
    ['PollHostCommand', { HostIdentifier: host.arn }],
    ['GetDeploymentSpecification', { DeploymentExecutionId, HostIdentifier: host.arn }],
    ['PutHostCommandAcknowledgement', { HostCommandIdentifier }],
    ['PutHostCommandComplete', { HostCommandIdentifier, ...done('Succeeded') }],
    ['PostHostCommandUpdate', { HostCommandIdentifier }],
    ['PutHostCommandLogs', { HostCommandIdentifier, Offset: 0, Text: 'x' }],
  ]
  for (const [operation, input] of attempts) {
    await changesNothing(at, () => other.send(operation, input), denied)
  }
})

test('a deployment of others, and one that does not exist, is not explained', async () => {
  const at = await scene()
  const { host, command } = at
  const foreign = command.DeploymentExecutionId.replace(/[^/]+$/, 'd-FOREIGN00')
  const ask = (DeploymentExecutionId: string): Promise<PlainReply> =>
    host.send('GetDeploymentSpecification', { DeploymentExecutionId, HostIdentifier: host.arn })
  const error = { code: 'ClientException', message: /no deployment d-FOREIGN00 to i-1/ }
  await changesNothing(at, () => ask(foreign), error)
  const unreadable = { code: 'ClientException', message: /not one of this service/ }
  await changesNothing(at, () => ask('nonsense'), unreadable)
})

test('identifiers that were never given out are errors; one that was answered before changes nothing', async () => {
  const at = await scene()
  const { world, host, command, deploymentId } = at
  const forge = (id: string): string =>
    Buffer.from(JSON.stringify(['000000000000', 'us-east-1', id])).toString('base64url')
  const complete = (HostCommandIdentifier: string): Promise<PlainReply> =>
    host.send('PutHostCommandComplete', { HostCommandIdentifier, ...done('Succeeded') })
  const never = { code: 'ClientException', message: /There is no such command/ }
  await changesNothing(at, () => complete(forge('d-FOREIGN00/i-1/Install')), never)
  await changesNothing(at, () => complete(forge(`${deploymentId}/i-1/ValidateService`)), never)
  await changesNothing(at, () => complete(forge(`${deploymentId}/i-1/rm -rf`)), never)
  const garbage = { code: 'ClientException', message: /not one of this service/ }
  await changesNothing(at, () => complete('AAAA'), garbage)
  const { HostCommandIdentifier } = command
  await host.send('PutHostCommandAcknowledgement', { HostCommandIdentifier })
  await complete(HostCommandIdentifier)
  await world.run(1)
  const before = await world.targetsOf(deploymentId)
  assert.equal(before[0]?.events[0]?.status, 'Succeeded')
  const failed = await host.send('PutHostCommandComplete', {
    HostCommandIdentifier,
    ...done('Failed', '{"error_code":4,"message":"replayed"}'),
  })
  assert.equal(failed.body, '{}')
  const replayed = await host.send('PutHostCommandAcknowledgement', { HostCommandIdentifier })
  assert.deepEqual(JSON.parse(replayed.body), { CommandStatus: 'Failed' })
  await world.run(1)
  assert.deepEqual((await world.targetsOf(deploymentId))[0]?.events[0], before[0]?.events[0])
})

test('what nobody took cannot have succeeded', async () => {
  const at = await scene()
  const { HostCommandIdentifier } = at.command
  const input = { HostCommandIdentifier, ...done('Succeeded') }
  const error = { code: 'ClientException', message: /has not been acknowledged/ }
  await changesNothing(at, () => at.host.send('PutHostCommandComplete', input), error)
})

test('diagnostics of 10 MB, of another format, or that are no object are refused', async () => {
  const at = await scene()
  const { HostCommandIdentifier } = at.command
  await at.host.send('PutHostCommandAcknowledgement', { HostCommandIdentifier })
  const complete = (diagnostics: object): Promise<PlainReply> =>
    at.host.send('PutHostCommandComplete', {
      HostCommandIdentifier,
      CommandStatus: 'Failed',
      Diagnostics: diagnostics,
    })
  const huge = JSON.stringify({ error_code: 4, log: 'x'.repeat(10_000_000) })
  const refused: readonly [object, RegExp][] = [
    [envelope(huge), /more than \d+ characters/],
    [{ Format: 'TEXT', Payload: 'it failed' }, /format of Diagnostics is TEXT/],
    [envelope('null'), /not a JSON object/],
    [envelope('{'), /not a JSON object/],
  ]
  for (const [diagnostics, message] of refused) {
    await changesNothing(at, () => complete(diagnostics), { code: 'ClientException', message })
  }
})

test('statuses that agents do not report are refused', async () => {
  const at = await scene()
  const { HostCommandIdentifier } = at.command
  for (const status of ['InProgress', 'Pending', 'Nonsense']) {
    const input = { HostCommandIdentifier, ...done(status) }
    const error = { code: 'ClientException', message: /CommandStatus is/ }
    await changesNothing(at, () => at.host.send('PutHostCommandComplete', input), error)
  }
})

test('a wrong secret, and a signature of an hour ago, are turned away', async () => {
  const at = await scene()
  const { host, command } = at
  const { HostCommandIdentifier } = command
  const acknowledge = (changes: object): Promise<PlainReply> =>
    host.send('PutHostCommandAcknowledgement', { HostCommandIdentifier }, changes)
  await changesNothing(at, () => acknowledge({ secretAccessKey: 'a guess' }), {
    code: 'InvalidSignatureException',
    message: /signature/,
  })
  await changesNothing(at, () => acknowledge({ now: Date.UTC(2000, 0, 1) }), {
    code: 'InvalidSignatureException',
    message: /expired|Signature/,
  })
})

test('a silent agent fails its host with words, and the others are not touched', async () => {
  const { world, deploymentId } = await scene()
  await world.run(120)
  const deployment = await world.deployment(deploymentId)
  assert.equal(deployment.status, 'Failed')
  assert.match(
    deployment.errorInformation?.message ?? '',
    /the agent of i-1 has not asked for work for \d+ s/,
  )
  const [, second] = await world.targetsOf(deploymentId)
  assert.equal(second?.status, 'Skipped')
})
