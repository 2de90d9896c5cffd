import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NetworkSpec, SecurityRule } from '../../protocol/network.ts'
import { planSecurity } from './plan-security.ts'
import { changedRules, wholeRules } from './rule-text.ts'

const all: SecurityRule = { protocol: 'all', peer: { cidr: '0.0.0.0/0' } }

function networkWith(ingress: readonly SecurityRule[]): NetworkSpec {
  return {
    id: 'vpc-1',
    generation: 1,
    cidr: '10.0.0.0/16',
    subnets: [
      {
        id: 'subnet-1',
        zone: 'a',
        cidr: '10.0.1.0/24',
        gateway: '10.0.1.1',
        routes: [{ destinationCidr: '0.0.0.0/0', target: 'internet' }],
      },
    ],
    interfaces: [
      {
        id: 'eni-1',
        subnetId: 'subnet-1',
        address: '10.0.1.5',
        securityGroupIds: ['sg-b', 'sg-a'],
        publicAddress: '198.18.0.1',
      },
      { id: 'eni-2', subnetId: 'subnet-1', address: '10.0.1.6', securityGroupIds: [] },
    ],
    securityGroups: [
      { id: 'sg-a', ingress, egress: [all] },
      { id: 'sg-b', ingress: [], egress: [] },
    ],
  }
}

function textOf(spec: NetworkSpec, uplink: string | undefined): string {
  return wholeRules(planSecurity(spec, uplink))
}

test('a rule set replaces the one before in one transaction', () => {
  const text = textOf(networkWith([]), undefined)
  assert.match(text, /^table inet evenkeel\ndelete table inet evenkeel\ntable inet evenkeel \{\n/)
})

test('a rule becomes a match on its peer, protocol and ports', () => {
  const text = textOf(
    networkWith([
      { protocol: 'tcp', ports: { from: 80, to: 90 }, peer: { cidr: '10.0.1.0/24' } },
      { protocol: 'udp', peer: { securityGroupId: 'sg-b' } },
      { protocol: 'icmp', ports: { from: 8, to: -1 }, peer: { cidr: '0.0.0.0/0' } },
    ]),
    undefined,
  )
  assert.match(text, /ip saddr 10\.0\.1\.0\/24 tcp dport 80-90 accept/)
  assert.match(text, /ip saddr @members_sgb meta l4proto udp accept/)
  assert.match(text, /\n {2}meta l4proto icmp icmp type 8 accept/)
})

test('an address is judged by all of its groups, and one without groups by none', () => {
  const text = textOf(networkWith([]), undefined)
  assert.match(
    text,
    /map receivers \{ type ipv4_addr : verdict; elements = \{ 10\.0\.1\.5 : goto i_sga_sgb \}/,
  )
  assert.match(text, /chain i_sga_sgb \{\n {2}jump gi_sgb\n {2}jump gi_sga\n {2}drop\n\}/)
  assert.ok(!text.includes('10.0.1.6 : goto'))
})

test('a group that is named but gone has no members and allows nothing', () => {
  const text = textOf(
    networkWith([{ protocol: 'all', peer: { securityGroupId: 'sg-gone' } }]),
    undefined,
  )
  assert.match(text, /set members_sggone \{ type ipv4_addr; \n\}/)
})

test('an IPv6 range allows nothing instead of everything', () => {
  const text = textOf(networkWith([{ protocol: 'all', peer: { cidr: '::/0' } }]), undefined)
  assert.match(text, /chain gi_sga \{\n\}/)
})

test('public addresses are translated, and nothing leaves by the uplink on its own account', () => {
  const text = textOf(networkWith([]), 'uplink')
  assert.match(text, /map translations \{.*elements = \{ 198\.18\.0\.1 : 10\.0\.1\.5 \}/)
  assert.match(text, /oifname "uplink" drop/)
  assert.match(text, /iifname "uplink" ct status dnat goto ingress/)
})

test('one address more is added to the sets that name it, and one that goes is taken', () => {
  const before = networkWith([])
  const [first, second] = before.interfaces
  const third = { ...first!, id: 'eni-3', address: '10.0.1.7', publicAddress: '198.18.0.3' }
  const after = planSecurity({ ...before, interfaces: [first!, second!, third] }, undefined)
  const { text: change } = changedRules(planSecurity(before, undefined), after)
  assert.deepEqual(change.trim().split('\n'), [
    'add element inet evenkeel members_sga { 10.0.1.7 }',
    'add element inet evenkeel members_sgb { 10.0.1.7 }',
    'add element inet evenkeel senders { 10.0.1.7 : goto e_sga_sgb }',
    'add element inet evenkeel receivers { 10.0.1.7 : goto i_sga_sgb }',
    'add element inet evenkeel translations { 198.18.0.3 : 10.0.1.7 }',
  ])
  const { text: back } = changedRules(after, planSecurity(before, undefined))
  assert.match(back, /^delete element inet evenkeel members_sga \{ 10\.0\.1\.7 \}\n/)
  assert.ok(!back.includes('add element'))
})

test('rules that stay as they are cost nothing, and another rule replaces them all', () => {
  const before = planSecurity(networkWith([]), undefined)
  assert.equal(changedRules(before, planSecurity(networkWith([]), undefined)).text, '')
  const after = planSecurity(networkWith([all]), undefined)
  assert.equal(changedRules(before, after).text, wholeRules(after))
  assert.equal(changedRules(undefined, before).text, wholeRules(before))
})

test('the last address of some groups leaves its chains, and the next one finds them', () => {
  const full = networkWith([])
  const empty = { ...full, interfaces: [] }
  const gone = changedRules(planSecurity(full, undefined), planSecurity(empty, undefined))
  assert.ok(!gone.text.includes('chain'))
  assert.match(gone.text, /^delete element inet evenkeel members_sga \{/)
  const again = changedRules(gone.inForce, planSecurity(full, undefined))
  assert.match(again.text, /^add element inet evenkeel members_sga \{/)
  assert.ok(!again.text.includes('chain') && !again.text.includes('delete'))
})

test('new groups are added to the rules, and chains that packets begin with are never left', () => {
  const before = planSecurity(networkWith([]), undefined)
  const extra = {
    chains: ['chain gi_sgc {\n  accept\n}'],
    sets: [{ name: 'members_sgc', keyword: 'set', type: 'ipv4_addr', elements: ['10.0.1.9'] }],
  } as const
  const after = {
    chains: [...before.chains, ...extra.chains],
    sets: [...before.sets, ...extra.sets],
  }
  const { text, inForce } = changedRules(before, after)
  assert.match(text, /^table inet evenkeel \{\nset members_sgc \{[^]*chain gi_sgc/)
  assert.ok(!text.includes('delete') && !text.includes('chain forward'))
  assert.deepEqual(inForce, after)
  const hook = 'chain acl {\n  type filter hook postrouting priority 0; policy drop\n}'
  const guarded = { ...before, chains: [...before.chains, hook] }
  assert.equal(changedRules(guarded, before).text, wholeRules(before))
})

test('an address whose groups change is taken and given again, in this order', () => {
  const before = networkWith([])
  const [first, second] = before.interfaces
  const more = { ...before, interfaces: [first!, { ...second!, securityGroupIds: ['sg-a'] }] }
  const swapped = {
    ...more,
    interfaces: [
      { ...first!, securityGroupIds: ['sg-a'] },
      { ...second!, securityGroupIds: ['sg-a', 'sg-b'] },
    ],
  }
  const was = planSecurity(more, undefined)
  const is = planSecurity(swapped, undefined)
  const { text: change } = changedRules({ ...was, chains: is.chains }, is)
  assert.match(
    change,
    /delete element inet evenkeel receivers [^]*add element inet evenkeel receiv/,
  )
})

test('flows go to one of their targets before anything else is decided, from whom they are open to', () => {
  const flow = {
    protocol: 'udp',
    ...{ address: '10.0.1.5', port: 53 },
    allowedCidrs: ['10.0.1.0/24', '10.0.0.0/16', '10.0.0.0/16', '192.0.2.1/32'],
    targets: [
      { address: '10.0.1.7', port: 53 },
      { address: '10.0.1.8', port: 5353 },
    ],
  } as const
  const plan = planSecurity({ ...networkWith([all]), flows: [flow] }, 'uplink')
  const translate = plan.chains.find((text) => text.startsWith('chain translate')) ?? ''
  assert.match(translate, /ip daddr \{ 10\.0\.1\.5, 198\.18\.0\.1 \} udp dport 53/)
  assert.match(translate, /ip saddr \{ 10\.0\.0\.0\/16, 192\.0\.2\.1\/32 \}/)
  const bucketsOf = (text: string): readonly string[] =>
    [...text.matchAll(/\d+ : ([\d.]+ \. \d+)/g)].map((match) => match[1]!)
  const shares = Object.groupBy(bucketsOf(translate), (place) => place)
  assert.deepEqual(Object.keys(shares).toSorted(), ['10.0.1.7 . 53', '10.0.1.8 . 5353'])
  for (const share of Object.values(shares)) assert.ok((share?.length ?? 0) >= 20)
  const third = { address: '10.0.1.9', port: 53 }
  const more = { ...flow, targets: [...flow.targets, third] }
  const wider = planSecurity({ ...networkWith([all]), flows: [more] }, 'uplink').chains
  const after = bucketsOf(wider.find((text) => text.startsWith('chain translate')) ?? '')
  const moved = after.filter((place, at) => place !== bucketsOf(translate)[at])
  assert.deepEqual([...new Set(moved)], ['10.0.1.9 . 53'])
  const origin = plan.chains.find((text) => text.startsWith('chain origin')) ?? ''
  assert.match(origin, /ip saddr \. udp sport \{ [^}]*10\.0\.1\.8 \. 5353 \} ct zone set 1/)
  assert.ok(translate.indexOf('jhash') < translate.indexOf('@translations'))
})

test('who lets a group in lets in what a node of that group passed on, and nothing else with it', () => {
  const rules: readonly SecurityRule[] = [
    { protocol: 'udp', ports: { from: 53, to: 53 }, peer: { securityGroupId: 'sg-a' } },
  ]
  const flow = {
    protocol: 'udp',
    ...{ address: '10.0.1.5', port: 53, allowedCidrs: ['0.0.0.0/0'] },
    targets: [{ address: '10.0.1.7', port: 53 }],
  } as const
  const spec = networkWith(rules)
  assert.ok(!planSecurity(spec, undefined).chains.some((text) => text.includes('ct original')))
  const chains = planSecurity({ ...spec, flows: [flow] }, undefined).chains
  const line = 'ct mark 0x666c6f77 ct original ip daddr @members_sga udp dport 53-53 accept'
  assert.ok(chains.some((text) => text.includes(line)))
})
