import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seen } from '../../kernel/observation.ts'
import { GroupSimulation } from '../../testing/group-simulation.ts'
import { chooseTermination } from './choose-termination.ts'
import type { MemberView } from './views.ts'

const group = new GroupSimulation(4, 4, ['a', 'b']).view()
const member = (memberId: string, part: Partial<MemberView>): MemberView => ({
  memberId,
  instanceId: `i-${memberId}`,
  isLaunched: true,
  zone: 'a',
  subnetId: undefined,
  instanceType: undefined,
  market: 'on-demand',
  weight: 1,
  lifecycle: 'InService',
  isHealthy: true,
  unhealthyReason: undefined,
  isProtected: false,
  isRebalancing: false,
  createdAt: 0,
  inServiceAt: 0,
  terminatingAt: undefined,
  launchTemplateId: 'lt-1',
  templateVersion: 1,
  registeredIn: [],
  drainingFrom: [],
  hooks: undefined,
  instance: seen('running'),
  targets: {},
  ...part,
})
const leaver = (members: readonly MemberView[], ...terminationPolicies: readonly string[]) =>
  chooseTermination({ ...group, terminationPolicies }, members)?.memberId

test('of zones that are as full as each other, the policy decides among all members', () => {
  const spread = [
    member('1', { zone: 'a', createdAt: 2 }),
    member('2', { zone: 'b', createdAt: 1 }),
    member('3', { zone: 'b', createdAt: 4 }),
    member('4', { zone: 'a', createdAt: 3 }),
  ]
  assert.equal(leaver(spread, 'OldestInstance'), '2')
  assert.equal(leaver(spread, 'NewestInstance'), '3')
  const fuller = [...spread, member('5', { zone: 'a', createdAt: 5 })]
  assert.equal(leaver(fuller, 'OldestInstance'), '1', 'a zone with more comes first')
})

test('the oldest launch configuration leaves before others, what the group launches from now last', () => {
  const from = (memberId: string, launchTemplateId: string, createdAt: number) =>
    member(memberId, { launchTemplateId, createdAt })
  const members = [
    from('1', 'lc:second', 2),
    from('2', 'lc:first', 3),
    from('3', 'lc:first', 1),
    from('4', 'lc:now', 0),
  ]
  const now = { ...group, launchTemplateId: 'lc:now' }
  const chosen = (...terminationPolicies: readonly string[]) =>
    chooseTermination({ ...now, terminationPolicies }, members)?.memberId
  assert.equal(chosen('OldestLaunchConfiguration', 'OldestInstance'), '3')
  assert.equal(chosen('OldestLaunchConfiguration', 'NewestInstance'), '2')
})
