import { requireRecord } from '../../../network/lookup.ts'
import { securityGroups, type GroupRule, type RuleDirection } from '../../../network/records.ts'
import type { NewRule } from '../../../network/group-rules.ts'
import { recordInventory } from '../../../stacks/record-inventory.ts'
import type {
  Properties,
  RemovedResource,
  ResourceContext,
  ResourceState,
} from '../../../stacks/resource-type.ts'
import { modify } from '../../../store/records.ts'
import type { Ec2Deps } from '../deps.ts'
import { noDefaultVpc } from '../errors.ts'
import { rulesOf } from '../permissions.ts'
import { egressProperties, ingressProperties, permissionOf } from '../rule-properties.ts'
import { unlessThere } from '../input.ts'
import {
  derivedId,
  listOf,
  readTags,
  removeWhenFree,
  requiredText,
  stackTags,
  tagProperties,
  textOf,
  type Ec2ResourceType,
} from '../stack-call.ts'

export const securityGroupType: Ec2ResourceType = {
  name: 'AWS::EC2::SecurityGroup',
  properties: {
    GroupDescription: 'string',
    GroupName: 'string',
    VpcId: 'string',
    SecurityGroupIngress: ingressProperties,
    SecurityGroupEgress: egressProperties,
    Tags: tagProperties,
  },
  required: ['GroupDescription'],
  attributes: ['GroupId', 'Id', 'VpcId'],
  replaceOn: ['GroupDescription', 'GroupName', 'VpcId'],
  async create(properties, context, deps) {
    const { scope } = context
    const groupId = derivedId('sg', context)
    const vpcId = textOf(properties, 'VpcId') ?? (await deps.network.ensureDefaultVpc(scope))
    if (vpcId === undefined) throw noDefaultVpc()
    await unlessThere(async () => {
      if (await deps.store.find(securityGroups, scope, groupId)) return
      await deps.network.security.createGroup(scope, {
        groupId,
        name: textOf(properties, 'GroupName') ?? context.physicalName(255),
        description: requiredText(properties, 'GroupDescription'),
        vpcId,
        tags: stackTags(properties, context),
      })
    })
    await context.started(groupId)
    const nothing = { ingress: [], egress: [everywhere] }
    return settle(groupId, { before: nothing, after: declared(properties), context, deps })
  },
  async update({ physicalId, before, after }, context, deps) {
    const tags = stackTags(after, context)
    const at = { kind: securityGroups, scope: context.scope, id: physicalId }
    await modify(deps.store, at, (group) => ({ ...group, tags }))
    return settle(physicalId, {
      before: declared(before),
      after: declared(after),
      context,
      deps,
    })
  },
  read: readGroup,
  async remove({ physicalId }, context, { network }) {
    await removeWhenFree(physicalId, context, () =>
      network.security.deleteGroup(context.scope, physicalId),
    )
  },
  inventory: (deps) =>
    recordInventory(deps.store, securityGroups, {
      identifier: 'Id',
      async describe({ id, scope, value }) {
        const resource = { physicalId: id, properties: {} }
        const read = await readGroup(resource, { scope, tags: [] }, deps)
        return { ...read, Id: id, GroupId: id, Tags: value.tags }
      },
    }),
}

type Declared = Readonly<Record<RuleDirection, readonly Properties[]>>

/** What a group that says nothing of it lets out: everything. */
const everywhere: Properties = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' }

function declared(properties: Properties): Declared {
  const egress = listOf<Properties>(properties, 'SecurityGroupEgress')
  return {
    ingress: listOf<Properties>(properties, 'SecurityGroupIngress'),
    egress: egress.length > 0 ? egress : [everywhere],
  }
}

/** Takes away what was declared before and is no more, adds what is new. Rules of others in the group stay. */
async function settle(
  groupId: string,
  at: { before: Declared; after: Declared; context: ResourceContext; deps: Ec2Deps },
): Promise<ResourceState> {
  const { context, deps } = at
  const { scope } = context
  const { security } = deps.network
  for (const direction of ['ingress', 'egress'] as const) {
    const before = await ruleMap(deps, context, { groupId, rules: at.before[direction] })
    const after = await ruleMap(deps, context, { groupId, rules: at.after[direction] })
    const group = await requireRecord(deps.store, securityGroups, scope, groupId)
    const known = new Set(
      group.value.rules.filter((rule) => rule.direction === direction).map(fingerprint),
    )
    const gone = [...before].filter(([key]) => !after.has(key) && known.has(key))
    const added = [...after].filter(([key]) => !known.has(key))
    if (gone.length > 0) {
      const rules = gone.map(([, rule]) => rule)
      await security.revoke(scope, { groupId, direction }, rules)
    }
    if (added.length > 0) {
      const rules = added.map(([, rule]) => rule)
      await security.authorize(scope, { groupId, direction }, rules)
    }
  }
  const { value } = await requireRecord(deps.store, securityGroups, scope, groupId)
  const attributes = { GroupId: groupId, Id: groupId, VpcId: value.vpcId }
  return { physicalId: groupId, attributes }
}

/** A rule that the template has is shown in the template's words; one that somebody added in ours. */
async function readGroup(
  { physicalId, properties }: RemovedResource,
  context: Pick<ResourceContext, 'scope' | 'tags'>,
  deps: Ec2Deps,
): Promise<Properties | undefined> {
  const found = await deps.store.find(securityGroups, context.scope, physicalId)
  if (!found) return undefined
  const { name, description, vpcId, rules, tags } = found.value
  const groupId = physicalId
  const shown = async (direction: RuleDirection): Promise<readonly Properties[]> => {
    const present = rules.filter((rule) => rule.direction === direction)
    const kept: Properties[] = []
    const told = new Set<string>()
    for (const rule of declared(properties)[direction]) {
      const keys = [...(await ruleMap(deps, context, { groupId, rules: [rule] })).keys()]
      for (const key of keys) told.add(key)
      if (keys.every((key) => present.some((each) => fingerprint(each) === key))) kept.push(rule)
    }
    const added = present.filter((rule) => !told.has(fingerprint(rule)))
    return [...kept, ...added.map((rule) => ruleProperties(rule, direction))]
  }
  return {
    GroupDescription: description,
    GroupName: name,
    VpcId: vpcId,
    SecurityGroupIngress: await shown('ingress'),
    SecurityGroupEgress: await shown('egress'),
    ...readTags(tags, context),
  }
}

function ruleProperties(rule: GroupRule, direction: RuleDirection): Properties {
  const peer = direction === 'ingress' ? 'SourceSecurityGroupId' : 'DestinationSecurityGroupId'
  return {
    IpProtocol: rule.protocol === 'all' ? '-1' : rule.protocol,
    ...(rule.fromPort === undefined ? {} : { FromPort: rule.fromPort, ToPort: rule.toPort }),
    ...(rule.cidr === undefined
      ? {}
      : { [rule.cidr.includes(':') ? 'CidrIpv6' : 'CidrIp']: rule.cidr }),
    ...(rule.peerGroupId === undefined ? {} : { [peer]: rule.peerGroupId }),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
  }
}

async function ruleMap(
  deps: Ec2Deps,
  { scope }: Pick<ResourceContext, 'scope'>,
  { groupId, rules }: { groupId: string; rules: readonly Properties[] },
): Promise<ReadonlyMap<string, NewRule>> {
  if (rules.length === 0) return new Map()
  const permissions = rules.map(permissionOf)
  const all = await rulesOf(deps, scope, { groupId, permissions })
  return new Map(all.map((rule) => [fingerprint(rule), rule]))
}

function fingerprint(rule: NewRule): string {
  return [rule.protocol, rule.fromPort, rule.toPort, rule.cidr, rule.peerGroupId].join(' ')
}
