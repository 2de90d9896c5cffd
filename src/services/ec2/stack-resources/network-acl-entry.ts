import type { Properties } from '../../../stacks/resource-type.ts'
import { networkAcls, type AclEntry } from '../../../network/records.ts'
import { entryOf, type GivenEntry } from '../acl-entry.ts'
import {
  flagOf,
  removeWhenFree,
  requiredText,
  textOf,
  type Ec2ResourceType,
} from '../stack-call.ts'

export const networkAclEntryType: Ec2ResourceType = {
  name: 'AWS::EC2::NetworkAclEntry',
  properties: {
    NetworkAclId: 'string',
    CidrBlock: 'string',
    Egress: 'boolean',
    Icmp: { Code: 'number', Type: 'number' },
    PortRange: { From: 'number', To: 'number' },
    Protocol: 'number',
    RuleAction: 'string',
    RuleNumber: 'number',
  },
  required: ['NetworkAclId', 'Protocol', 'RuleAction', 'RuleNumber'],
  attributes: ['Id'],
  replaceOn: ['NetworkAclId', 'Egress', 'RuleNumber'],
  async create(properties, context, { network, store }) {
    const aclId = requiredText(properties, 'NetworkAclId')
    const entry = entryOf(givenOf(properties))
    const acl = await store.find(networkAcls, context.scope, aclId)
    const isThere = acl?.value.entries.some(
      (each) => JSON.stringify(sorted(each)) === JSON.stringify(sorted(entry)),
    )
    // An earlier attempt at this very resource made it; another rule under its number is refused.
    if (isThere !== true)
      await network.acls.putEntry(context.scope, aclId, { entry, mode: 'create' })
    const state = stateOf(aclId, entry)
    await context.started(state.physicalId)
    return state
  },
  async update({ after }, context, { network }) {
    const aclId = requiredText(after, 'NetworkAclId')
    const entry = entryOf(givenOf(after))
    await network.acls.putEntry(context.scope, aclId, { entry, mode: 'replace' })
    return stateOf(aclId, entry)
  },
  async remove({ physicalId, properties }, context, { network }) {
    const aclId = requiredText(properties, 'NetworkAclId')
    await removeWhenFree(physicalId, context, () =>
      network.acls.deleteEntry(context.scope, aclId, entryOf(givenOf(properties))),
    )
  },
}

/** The entry's name is its ACL, its direction and its number. */
function stateOf(aclId: string, { direction, ruleNumber }: AclEntry) {
  const physicalId = `${aclId}|${direction}|${ruleNumber}`
  return { physicalId, attributes: { Id: physicalId } }
}

/** Templates write numbers as texts too. */
function givenOf(properties: Properties): GivenEntry {
  const { PortRange, Icmp } = properties as {
    PortRange?: { From?: unknown; To?: unknown }
    Icmp?: { Type?: unknown; Code?: unknown }
  }
  return {
    RuleNumber: Number(properties['RuleNumber']),
    Protocol: textOf(properties, 'Protocol'),
    RuleAction: textOf(properties, 'RuleAction'),
    Egress: flagOf(properties, 'Egress'),
    CidrBlock: textOf(properties, 'CidrBlock'),
    ...(PortRange && { PortRange: { From: Number(PortRange.From), To: Number(PortRange.To) } }),
    ...(Icmp && { Icmp: { Type: Number(Icmp.Type), Code: Number(Icmp.Code) } }),
  }
}

function sorted(entry: AclEntry): readonly unknown[] {
  return Object.entries(entry).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
