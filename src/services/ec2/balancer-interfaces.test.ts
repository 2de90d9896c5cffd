import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InterfaceView } from '../../network/interfaces.ts'
import { interfaceView } from './network-views.ts'

const scope = { account: '000000000000', region: 'us-east-1' }

function shown(description: string, machineId: string | undefined) {
  const view = {
    interfaceId: 'eni-1',
    vpcId: 'vpc-1',
    subnetId: 'subnet-1',
    zone: 'us-east-1a',
    address: '10.0.0.4',
    macAddress: '02:00:00:00:00:01',
    securityGroupIds: [],
    tags: [],
    description,
    ...(machineId === undefined ? {} : { machineId }),
  } as unknown as InterfaceView
  const { Description, InterfaceType, RequesterId } = interfaceView(view, {
    scope,
    groupNames: new Map(),
  })
  return [Description, InterfaceType, RequesterId]
}

test('nodes of balancers are found by the descriptions and types that AWS gives them', () => {
  const digits = '50dc6c495c0c9188'
  assert.deepEqual(shown(`ELB classic/web/${digits}`, 'gw-1'), [
    'ELB web',
    'interface',
    'amazon-elb',
  ])
  assert.deepEqual(shown(`ELB app/web/${digits}`, 'gw-1'), [
    `ELB app/web/${digits}`,
    'interface',
    'amazon-elb',
  ])
  assert.deepEqual(shown(`ELB net/web/${digits}`, 'gw-1'), [
    `ELB net/web/${digits}`,
    'network_load_balancer',
    'amazon-elb',
  ])
  assert.deepEqual(shown('eth0', 'i-1'), ['eth0', 'interface', undefined])
})
