import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../kernel/ports.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { fakeNetwork } from '../testing/fake-network.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { createNetwork } from './network.ts'
import { Refusal } from './refusal.ts'

const scope = { account: '000000000000', region: 'us-east-1' }

function world() {
  const clock = manualClock()
  const store = memoryStore(clock)
  const driver = fakeNetwork()
  const woken: string[] = []
  const network = createNetwork(
    {
      store,
      clock,
      random: seededRandom(7),
      log: silentLog,
      events: { publish() {} },
      wake: { wake: (name, key) => void woken.push(`${name} ${key}`) },
    },
    driver,
  )
  const reconcile = async (name: string, key: string) => {
    const found = network.reconcilers.find((reconciler) => reconciler.name === name)
    await found?.reconcile(key, new AbortController().signal)
  }
  return { network, driver, store, woken, reconcile }
}

const refusedWith = (code: string) => (thrown: unknown) =>
  thrown instanceof Refusal && thrown.code === code

async function madeSubnet({ network }: ReturnType<typeof world>, cidr = '10.0.0.0/28') {
  const vpc = await network.catalogue.createVpc(scope, { cidr: '10.0.0.0/16', tags: [] })
  const subnet = await network.catalogue.createSubnet(scope, { vpcId: vpc.vpcId, cidr, tags: [] })
  const group = await network.defaultSecurityGroup(scope, vpc.vpcId)
  assert.ok(group)
  const request = { subnetId: subnet.subnetId, securityGroupIds: [group], description: '' }
  return { vpc, subnet, group, request }
}

test('the default VPC is made once, however many ask at the same time', async () => {
  const { network } = world()
  const ids = await Promise.all(Array.from({ length: 8 }, () => network.ensureDefaultVpc(scope)))
  assert.equal(new Set(ids).size, 1)
  const subnets = await network.defaultSubnets(scope)
  assert.deepEqual(
    subnets.map((subnet) => [subnet.zone, subnet.cidr]),
    [
      ['us-east-1a', '172.31.0.0/20'],
      ['us-east-1b', '172.31.16.0/20'],
      ['us-east-1c', '172.31.32.0/20'],
    ],
  )
})

test('a default VPC that was deleted comes back only when asked for', async () => {
  const { network, store } = world()
  const first = await network.ensureDefaultVpc(scope)
  assert.ok(first)
  for (const subnet of await network.defaultSubnets(scope)) {
    await network.catalogue.deleteSubnet(scope, subnet.subnetId)
  }
  await assert.rejects(
    network.catalogue.deleteVpc(scope, first),
    refusedWith('DependencyViolation'),
  )
  const { internetGateways } = await import('./records.ts')
  const [gateway] = await store.list(internetGateways, scope)
  await network.routing.detachGateway(scope, gateway?.id ?? '', first)
  await network.catalogue.deleteVpc(scope, first)
  assert.equal(await network.ensureDefaultVpc(scope), undefined)
  assert.notEqual(await network.createDefaultVpc(scope), first)
  await assert.rejects(network.createDefaultVpc(scope), refusedWith('DefaultVpcAlreadyExists'))
})

test('concurrent launches never get the same address, and a full subnet says so', async () => {
  const setting = world()
  const { request } = await madeSubnet(setting)
  const { interfaces } = setting.network
  const given = await Promise.all(
    Array.from({ length: 11 }, () => interfaces.allocate(scope, request)),
  )
  assert.equal(new Set(given.map((view) => view.address)).size, 11)
  await assert.rejects(
    interfaces.allocate(scope, request),
    refusedWith('InsufficientFreeAddressesInSubnet'),
  )
  await interfaces.release(scope, given[0]?.interfaceId ?? '')
  assert.equal((await interfaces.allocate(scope, request)).address, given[0]?.address)
})

test('allocating under one id twice is one interface', async () => {
  const setting = world()
  const { request } = await madeSubnet(setting)
  const { interfaces } = setting.network
  const first = await interfaces.allocate(scope, { ...request, interfaceId: 'eni-1' })
  const again = await interfaces.allocate(scope, { ...request, interfaceId: 'eni-1' })
  assert.deepEqual(again, first)
  assert.equal((await interfaces.list(scope)).length, 1)
})

test('changes that come together are applied together, and each waits until it is in force', async () => {
  const setting = world()
  const { vpc, request } = await madeSubnet(setting)
  const { network, driver } = setting
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      const view = await network.interfaces.allocate(scope, request)
      await network.ensureApplied(scope, vpc.vpcId)
      const inForce = driver.networks.get(vpc.vpcId)?.interfaces.map((each) => each.id)
      assert.ok(inForce?.includes(view.interfaceId))
    }),
  )
  assert.ok(driver.calls.length <= 3, driver.calls.join())
})

test('who waits for a new interface shares the reading that held it, and no other', async () => {
  const setting = world()
  const { vpc, request } = await madeSubnet(setting)
  const { network, driver } = setting
  const held = (id: string): boolean =>
    driver.networks.get(vpc.vpcId)?.interfaces.some((each) => each.id === id) === true
  const first = await network.interfaces.allocate(scope, request)
  const underWay = network.ensureApplied(scope, vpc.vpcId)
  const second = await network.interfaces.allocate(scope, request)
  await network.ensureApplied(scope, vpc.vpcId, second.interfaceId)
  assert.ok(held(first.interfaceId) && held(second.interfaceId))
  await underWay
  const sent = driver.calls.length
  await driver.remove(vpc.vpcId)
  await network.ensureApplied(scope, vpc.vpcId, second.interfaceId)
  assert.equal(driver.calls.filter((call) => call.startsWith('apply')).length, sent)
  network.forgetHost()
  await network.ensureApplied(scope, vpc.vpcId, second.interfaceId)
  assert.ok(held(second.interfaceId))
})

test('what is in force is not sent again, until the host has lost it', async () => {
  const setting = world()
  const { vpc, request } = await madeSubnet(setting)
  const { network, driver, reconcile } = setting
  await network.interfaces.allocate(scope, request)
  await network.ensureApplied(scope, vpc.vpcId)
  await network.ensureApplied(scope, vpc.vpcId)
  assert.deepEqual(driver.calls, [`apply ${vpc.vpcId} generation 1`])
  await driver.remove(vpc.vpcId)
  await reconcile('network/host', 'host')
  assert.deepEqual(setting.woken.at(-1), `network/vpcs ${keyOf(scope, vpc.vpcId)}`)
  await reconcile('network/vpcs', keyOf(scope, vpc.vpcId))
  assert.equal(driver.networks.get(vpc.vpcId)?.generation, 1)
})

test('a network that no record knows leaves the host', async () => {
  const setting = world()
  const { vpc, request } = await madeSubnet(setting)
  const { network, driver, store, reconcile } = setting
  await network.interfaces.allocate(scope, request)
  await network.ensureApplied(scope, vpc.vpcId)
  await reconcile('network/host', 'host')
  assert.equal(driver.networks.size, 1)
  await store.clear()
  await reconcile('network/host', 'host')
  assert.equal(driver.networks.size, 0)
})

test('a VPC that no interface was ever in is not made on the host', async () => {
  const setting = world()
  const { vpc } = await madeSubnet(setting)
  await setting.network.ensureApplied(scope, vpc.vpcId)
  assert.deepEqual(setting.driver.calls, [])
})

test('a deleted VPC leaves the host', async () => {
  const setting = world()
  const { vpc, subnet, request } = await madeSubnet(setting)
  const { network, driver, reconcile } = setting
  const view = await network.interfaces.allocate(scope, request)
  await network.ensureApplied(scope, vpc.vpcId)
  await assert.rejects(
    network.catalogue.deleteSubnet(scope, subnet.subnetId),
    refusedWith('DependencyViolation'),
  )
  await network.interfaces.release(scope, view.interfaceId)
  await network.catalogue.deleteSubnet(scope, subnet.subnetId)
  await network.catalogue.deleteVpc(scope, vpc.vpcId)
  await reconcile('network/vpcs', keyOf(scope, vpc.vpcId))
  assert.equal(driver.networks.size, 0)
})

test('a failed apply fails those who wait for it, and the next one tries again', async () => {
  const setting = world()
  const { vpc, request } = await madeSubnet(setting)
  const { network, driver } = setting
  await network.interfaces.allocate(scope, request)
  driver.failNext('apply')
  await assert.rejects(network.ensureApplied(scope, vpc.vpcId), /failed/)
  await network.ensureApplied(scope, vpc.vpcId)
  assert.equal(driver.networks.get(vpc.vpcId)?.interfaces.length, 1)
})

test('a rule is authorized once and a rule that is not there cannot be revoked', async () => {
  const setting = world()
  const { vpc } = await madeSubnet(setting)
  const { security } = setting.network
  const { groupId } = await security.createGroup(scope, {
    name: 'web',
    description: 'web',
    vpcId: vpc.vpcId,
    tags: [],
  })
  const at = { groupId, direction: 'ingress' } as const
  const rule = { protocol: 'tcp', fromPort: 80, toPort: 80, cidr: '10.0.0.9/8' } as const
  const [made] = await security.authorize(scope, at, [rule])
  assert.equal(made?.cidr, '10.0.0.0/8')
  await assert.rejects(
    security.authorize(scope, at, [rule]),
    refusedWith('InvalidPermission.Duplicate'),
  )
  await security.revokeById(scope, at, [made?.ruleId ?? ''])
  await assert.rejects(
    security.revoke(scope, at, [rule]),
    refusedWith('InvalidPermission.NotFound'),
  )
})
