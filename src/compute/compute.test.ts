import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { DriverError } from '../kernel/errors.ts'
import { Refusal } from '../network/refusal.ts'
import { computeWorld } from '../testing/compute-world.ts'
import type { LaunchRequest } from './instance.ts'
import { orphansMax } from './plan-orphans.ts'
import { terminatedShownMilliseconds } from './plan-instance.ts'

const request: LaunchRequest = {
  imageId: 'ami-76f0061f',
  instanceType: 't3.micro',
  count: 1,
  tags: [{ Key: 'Name', Value: 'web' }],
}

const refusedWith = (code: string) => (thrown: unknown) =>
  thrown instanceof Refusal && thrown.code === code

async function world(t: TestContext, options: { strictImages?: boolean } = {}) {
  const made = await computeWorld(options)
  t.after(() => made.close())
  const launch = async (over: Partial<LaunchRequest> = {}) => {
    const records = await made.compute.instances.launch(made.scope, { ...request, ...over })
    await made.clock.settle()
    return records.map((record) => record.id)
  }
  return { ...made, launch }
}

test('a launch goes to the default VPC, and its address is in force before it runs', async (t) => {
  const { launch, instance, host, hostNetwork } = await world(t)
  const [id = ''] = await launch()
  const made = await instance(id)
  assert.equal(made.state, 'running')
  assert.equal(made.zone, 'us-east-1a')
  assert.match(made.privateAddress, /^172\.31\./)
  assert.match(made.publicAddress ?? '', /^198\.1[89]\./)
  const spec = hostNetwork.networks.get(made.vpcId)
  assert.equal(spec?.interfaces[0]?.machineId, id)
  assert.equal(host.machines.get(id)?.spec.interfaceId, made.interfaceId)
})

test('a client token makes the same instances once', async (t) => {
  const { launch, host } = await world(t)
  const first = await launch({ clientToken: 'once', count: 3 })
  const again = await launch({ clientToken: 'once', count: 3 })
  assert.deepEqual(again, first)
  assert.equal(host.machines.size, 3)
  await assert.rejects(
    launch({ clientToken: 'once', count: 2 }),
    refusedWith('IdempotentParameterMismatch'),
  )
})

test('launches with one token at the same time are one launch', async (t) => {
  const { launch, host } = await world(t)
  const all = await Promise.all(Array.from({ length: 5 }, () => launch({ clientToken: 'race' })))
  assert.equal(new Set(all.flat()).size, 1)
  assert.equal(host.machines.size, 1)
})

test('a killed machine is recorded as stopped at once, with the reason, and is not started again', async (t) => {
  const { launch, instance, host, clock, compute, scope } = await world(t)
  const [id = ''] = await launch()
  host.kill(id)
  await clock.settle()
  const ended = await instance(id)
  assert.equal(ended.state, 'stopped')
  assert.equal(
    ended.stateReason?.message,
    'Server.InternalError: machine ended (killed by signal 9)',
  )
  await clock.advance(120_000)
  assert.equal(host.machines.get(id)?.status.phase, 'stopped')
  await compute.instances.terminate(scope, id)
  assert.match((await instance(id)).stateReason?.message ?? '', /machine ended/)
})

test('what went down with its host comes back on its disk, with its address', async (t) => {
  const { launch, instance, host, clock } = await world(t)
  const [id = ''] = await launch()
  const before = await instance(id)
  host.setAway(true)
  host.kill(id, 'the host went down')
  host.restartHost()
  await clock.advance(10_000)
  assert.equal((await instance(id)).state, 'running', 'unknown is not dead')
  host.setAway(false)
  await clock.advance(60_000)
  const after = await instance(id)
  assert.equal(host.machines.get(id)?.status.phase, 'running')
  assert.equal(after.incarnation, 2)
  assert.equal(after.privateAddress, before.privateAddress)
})

test('a new host process adopts what runs', async (t) => {
  const { launch, instance, host, clock } = await world(t)
  const [id = ''] = await launch()
  host.restartHost()
  await clock.advance(5_000)
  assert.equal(host.calls.filter((call) => call === `launch ${id}`).length, 1)
  assert.equal((await instance(id)).hostEpoch, 'fake-2')
})

test('stop, start, reboot and terminate follow the record', async (t) => {
  const { launch, instance, host, clock, compute, scope, network } = await world(t)
  const [id = ''] = await launch()
  await compute.instances.stop(scope, id)
  assert.equal((await instance(id)).state, 'stopping')
  await clock.settle()
  assert.equal((await instance(id)).state, 'stopped')
  await compute.instances.start(scope, id)
  await clock.settle()
  assert.equal((await instance(id)).state, 'running')
  assert.equal((await instance(id)).stateReason, undefined)
  await compute.instances.reboot(scope, id)
  await clock.settle()
  assert.equal(host.machines.get(id)?.status.incarnation, 3)
  assert.equal((await instance(id)).rebootIncarnation, undefined)
  await compute.instances.terminate(scope, id)
  await clock.settle()
  assert.equal((await instance(id)).state, 'terminated')
  assert.equal(host.machines.size, 0)
  assert.deepEqual(await network.interfaces.list(scope), [])
  await clock.advance(terminatedShownMilliseconds + 60_000)
  assert.equal(await compute.instances.find(scope, id), undefined)
})

test('a shutdown from within terminates where that was asked for', async (t) => {
  const { launch, instance, host, clock } = await world(t)
  const [id = ''] = await launch({ shutdownBehavior: 'terminate' })
  host.kill(id, 'exit code 0')
  await clock.settle()
  assert.equal((await instance(id)).state, 'terminated')
})

test('a launch that can never be ends as terminated with the reason, one that fails for now is tried again', async (t) => {
  const { launch, instance, host, clock } = await world(t)
  host.failNext('launch', new DriverError('no such image', { retryable: false }))
  const [hopeless = ''] = await launch()
  assert.equal((await instance(hopeless)).state, 'terminated')
  assert.match((await instance(hopeless)).stateReason?.message ?? '', /no such image/)
  host.failNext('launch')
  const [id = ''] = await launch()
  await clock.advance(30_000)
  assert.equal((await instance(id)).state, 'running')
})

test('machines that no record knows are ended, a few at a time; gateways are left alone', async (t) => {
  const { host, clock } = await world(t)
  const spec = {
    zone: 'us-east-1a',
    image: 'default',
    hostname: 'h',
    networkId: 'vpc-0',
    interfaceId: 'eni-0',
  }
  for (let i = 0; i < orphansMax + 2; i++) await host.launch({ ...spec, id: `i-orphan${i}` })
  await host.launch({ ...spec, id: 'gw-1' })
  await clock.advance(2_050)
  assert.equal(host.machines.size, 3)
  await clock.advance(5_000)
  assert.deepEqual([...host.machines.keys()], ['gw-1'])
})

test('bad requests are refused in the codes of EC2', async (t) => {
  const { launch } = await world(t, { strictImages: true })
  const cases: readonly (readonly [Partial<LaunchRequest>, string])[] = [
    [{ imageId: 'nonsense' }, 'InvalidAMIID.Malformed'],
    [{}, 'InvalidAMIID.NotFound'],
  ]
  for (const [over, code] of cases) await assert.rejects(launch(over), refusedWith(code))
  const lenient = await world(t)
  const others: readonly (readonly [Partial<LaunchRequest>, string])[] = [
    [{ instanceType: 'z9.mega' }, 'InvalidParameterValue'],
    [{ userData: '#!/bin/sh' }, 'InvalidParameterValue'],
    [{ userData: Buffer.alloc(16_385).toString('base64') }, 'InvalidParameterValue'],
    [{ subnetId: 'subnet-0' }, 'InvalidSubnetID.NotFound'],
    [{ securityGroupIds: ['sg-0'] }, 'InvalidGroup.NotFound'],
    [{ keyName: 'nobody' }, 'InvalidKeyPair.NotFound'],
    [{ instanceProfile: 'nobody' }, 'InvalidParameterValue'],
    [{ zone: 'us-east-1f' }, 'InvalidParameterValue'],
  ]
  for (const [over, code] of others) await assert.rejects(lenient.launch(over), refusedWith(code))
  assert.deepEqual(await lenient.network.interfaces.list(lenient.scope), [])
})

test('metadata tells who, where and which role', async (t) => {
  const { launch, instance, compute } = await world(t)
  const [id = ''] = await launch({ instanceProfile: 'web', metadataTags: true, userData: 'IyEv' })
  const made = await instance(id)
  const [spec] = await compute.metadata.instanceMetadata()
  const told = spec?.instance
  assert.equal((await compute.metadata.instanceMetadata())[0], spec)
  assert.equal(spec?.networkId, made.vpcId)
  assert.equal(told?.address, made.privateAddress)
  assert.equal(told?.roleName, 'web-role')
  assert.equal(told?.userData, 'IyEv')
  assert.equal(told?.leaves['meta-data/instance-id'], id)
  assert.equal(told?.leaves['meta-data/placement/availability-zone'], 'us-east-1a')
  assert.equal(told?.leaves['meta-data/security-groups'], 'default')
  assert.equal(told?.leaves['meta-data/tags/instance/Name'], 'web')
  const document = JSON.parse(told?.leaves['dynamic/instance-identity/document'] ?? '')
  assert.equal(document.instanceId, id)
  const shown = told?.leaves['dynamic/instance-identity/document'] ?? ''
  const signature = told?.leaves['dynamic/instance-identity/signature'] ?? ''
  assert.equal((await compute.metadata.identify(shown, signature))?.id, id)
  assert.equal(await compute.metadata.identify(shown.replace(id, 'i-0'), signature), undefined)
  assert.equal((await compute.metadata.credentials(id))?.sessionToken, id)
  assert.equal(await compute.metadata.credentials('i-0'), undefined)
})

test('metadata tells the volumes that an instance was started with, without the folder of devices', async (t) => {
  const { launch, instance, compute, scope, clock } = await world(t)
  const [id = ''] = await launch({
    blockDevices: ['/dev/sdg', '/dev/sdf'].map((device) => ({ device, sizeGibibytes: 1 })),
  })
  await clock.advance(1000)
  const { zone } = await instance(id)
  const { volumeId } = await compute.disks.createVolume(scope, { zone, sizeGibibytes: 1, tags: [] })
  await compute.disks.attach(scope, { volumeId, instanceId: id, device: '/dev/sdh' })
  const told = async () => {
    const [spec] = await compute.metadata.instanceMetadata()
    const path = 'meta-data/block-device-mapping/ebs'
    return [1, 2, 3].map((index) => spec?.instance.leaves[path + index])
  }
  assert.deepEqual(await told(), ['sdf', 'sdg', undefined])
  await compute.instances.stop(scope, id)
  await clock.advance(60_000)
  await compute.instances.start(scope, id)
  assert.deepEqual(await told(), ['sdf', 'sdg', 'sdh'])
})

test('a launch template resolves by version, and its names to ids', async (t) => {
  const { compute, network, scope } = await world(t)
  await network.ensureDefaultVpc(scope)
  const templates = compute.launchTemplates
  await templates.create(scope, {
    name: 'web',
    createdBy: 'me',
    settings: { imageId: 'ami-76f0061f', securityGroupNames: ['default'] },
    tags: [],
  })
  const ref = { launchTemplateName: 'web' }
  await templates.addVersion(scope, ref, {
    createdBy: 'me',
    settings: { imageId: 'ami-76f0061f', instanceType: 'c5.large' },
  })
  assert.equal((await templates.resolve(scope, ref))?.request.instanceType, 'm1.small')
  assert.match((await templates.resolve(scope, ref))?.request.securityGroupIds?.[0] ?? '', /^sg-/)
  const latest = await templates.resolve(scope, { ...ref, version: '$Latest' })
  assert.equal(latest?.request.instanceType, 'c5.large')
  assert.equal(latest?.version, '2')
  assert.equal(await templates.resolve(scope, { ...ref, version: '9' }), undefined)
})
