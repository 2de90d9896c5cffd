import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { absent, seen, unknown } from '../kernel/observation.ts'
import type { MachineStatus } from '../protocol/machine.ts'
import type { Instance } from './instance.ts'
import { planInstance, terminatedShownMilliseconds, transitions } from './plan-instance.ts'

const instance: Instance = {
  instanceId: 'i-1',
  reservationId: 'r-1',
  launchIndex: 0,
  imageId: 'ami-1',
  instanceType: 't3.micro',
  zone: 'us-east-1a',
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  interfaceId: 'eni-1',
  macAddress: '02:00:00:00:00:01',
  privateAddress: '10.0.0.4',
  securityGroupIds: ['sg-1'],
  launchedAt: 0,
  desired: 'running',
  state: 'running',
  incarnation: 1,
  hostEpoch: 'e1',
  tags: [],
  metadataTokens: 'optional',
}
const machine: MachineStatus = { id: 'i-1', phase: 'running', incarnation: 1 }
const ended: MachineStatus = { ...machine, phase: 'stopped', reason: 'killed by signal 9' }
const decide = (of: Partial<Instance>, at: MachineStatus | undefined, hostEpoch = 'e1') =>
  planInstance({ ...instance, ...of }, { machine: at ? seen(at) : absent, hostEpoch }, 0)

test('a new instance is launched, and recorded as running when it runs', () => {
  assert.deepEqual(decide({ state: 'pending', incarnation: 0 }, undefined), { step: 'launch' })
  assert.deepEqual(decide({ state: 'pending', incarnation: 0 }, machine), {
    step: 'record-running',
    incarnation: 1,
  })
  assert.deepEqual(decide({}, machine), { step: 'nothing' })
})

test('a machine that was killed while the host watched is recorded as stopped, with the reason', () => {
  assert.deepEqual(decide({}, ended), {
    step: 'record-ended',
    next: 'stopped',
    code: 'Server.InternalError',
    message: 'Server.InternalError: machine ended (killed by signal 9)',
  })
})

test('a machine that reboots by itself starts again, and its instance runs all the while', () => {
  assert.deepEqual(decide({}, { ...ended, reason: 'reboot' }), { step: 'start' })
  const terminates = { shutdownBehavior: 'terminate' as const }
  assert.deepEqual(decide(terminates, { ...ended, reason: 'reboot' }), { step: 'start' })
})

test('a machine that was lost with its zone is down while the zone is, and starts again after it', () => {
  const lost = { ...ended, reason: 'lost with its zone' }
  assert.deepEqual(decide({}, lost), { step: 'record-lost' })
  const broken = { machine: seen(lost), hostEpoch: 'e1', isZoneBroken: true }
  const down: Instance = { ...instance, state: 'stopped' }
  assert.deepEqual(planInstance(down, broken, 0), { step: 'nothing' })
  assert.deepEqual(decide({ state: 'stopped' }, lost), { step: 'start' })
  assert.deepEqual(decide({ state: 'stopped', desired: 'stopped' }, lost), { step: 'nothing' })
})

test('a shutdown from within follows the behaviour that was asked for', () => {
  const shutdown = { ...ended, reason: 'exit code 0' }
  const stopped = decide({}, shutdown)
  const terminated = decide({ shutdownBehavior: 'terminate' }, shutdown)
  assert.equal(stopped.step === 'record-ended' && stopped.next, 'stopped')
  assert.equal(terminated.step === 'record-ended' && terminated.next, 'terminated')
})

test('a machine that went down with its host starts again', () => {
  assert.deepEqual(decide({}, ended, 'e2'), { step: 'start' })
  assert.deepEqual(decide({}, machine, 'e2'), { step: 'record-running', incarnation: 1 })
})

test('a machine that was stopped with the installation starts again', () => {
  assert.deepEqual(decide({}, { ...ended, reason: 'stopped on request' }), { step: 'start' })
})

test('a start that ended half-way is tried again', () => {
  const starting: MachineStatus = { ...machine, phase: 'starting' }
  assert.deepEqual(decide({ state: 'pending' }, starting), { step: 'launch' })
  assert.deepEqual(decide({}, { ...starting, incarnation: 2 }), { step: 'start' })
})

test('a reboot stops and starts one incarnation, also after a crash in between', () => {
  assert.deepEqual(decide({ rebootIncarnation: 1 }, machine), { step: 'restart' })
  assert.deepEqual(decide({ rebootIncarnation: 1 }, ended), { step: 'start' })
  const next = { ...machine, incarnation: 2 }
  assert.deepEqual(decide({ rebootIncarnation: 1 }, next), {
    step: 'record-running',
    incarnation: 2,
  })
})

test('a terminated instance is forgotten after an hour', () => {
  const gone = { ...instance, desired: 'terminated', state: 'terminated', terminatedAt: 0 } as const
  const host = { machine: absent, hostEpoch: 'e1' }
  assert.deepEqual(planInstance(gone, host, terminatedShownMilliseconds - 1), { step: 'nothing' })
  assert.deepEqual(planInstance(gone, host, terminatedShownMilliseconds), { step: 'forget' })
})

test('what is not known changes nothing, whatever should be', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('running' as const, 'stopped' as const),
      fc.constantFrom(...(Object.keys(transitions) as (keyof typeof transitions)[])),
      (desired, state) => {
        const host = { machine: unknown('the host is away'), hostEpoch: 'e1' }
        const step = planInstance({ ...instance, desired, state }, host, 0)
        assert.equal(step.step, 'wait')
      },
    ),
  )
})
