import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { cidrText, parseCidr } from './domain/cidr.ts'
import { requireRecord, valuesOf } from './lookup.ts'
import {
  networkInterfaces,
  securityGroups,
  vpcs,
  type GroupRule,
  type RuleDirection,
  type SecurityGroup,
} from './records.ts'
import { Refusal } from './refusal.ts'

/** With an id of your own it can be made again without doubling. */
export type NewRule = Omit<GroupRule, 'ruleId' | 'direction' | 'tags'> & {
  readonly ruleId?: string
}

/** Security groups and their rules. Failures are `Refusal`s. */
export interface SecurityCatalogue {
  createGroup(scope: Scope, request: CreateGroup): Promise<SecurityGroup>
  deleteGroup(scope: Scope, groupId: string): Promise<void>
  /** The rules with their new ids. A rule that is there already refuses them all. */
  authorize(scope: Scope, at: RulesAt, rules: readonly NewRule[]): Promise<readonly GroupRule[]>
  /** The rules taken away. One that is not there refuses them all. */
  revoke(scope: Scope, at: RulesAt, rules: readonly NewRule[]): Promise<readonly GroupRule[]>
  revokeById(scope: Scope, at: RulesAt, ruleIds: readonly string[]): Promise<readonly GroupRule[]>
}

export interface CreateGroup {
  /** Choose it yourself to make the call repeatable: an id that is taken throws `RecordExists`. */
  readonly groupId?: string
  readonly name: string
  readonly description: string
  readonly vpcId: string
  readonly tags: readonly Tag[]
}

export interface RulesAt {
  readonly groupId: string
  readonly direction: RuleDirection
  /** Of the new rules. */
  readonly tags?: readonly Tag[]
}

export function createSecurityCatalogue(context: EngineContext): SecurityCatalogue {
  const { store, random } = context
  async function changeRules(
    scope: Scope,
    { groupId, direction }: RulesAt,
    change: (rules: readonly GroupRule[]) => {
      rules: readonly GroupRule[]
      changed: readonly GroupRule[]
    },
  ): Promise<readonly GroupRule[]> {
    return store.transaction(async (records) => {
      const group = await requireRecord(records, securityGroups, scope, groupId)
      const [mine, others] = split(group.value.rules, (rule) => rule.direction === direction)
      const { rules, changed } = change(mine)
      for (const { peerGroupId } of rules) {
        if (peerGroupId && peerGroupId !== groupId) {
          await requireRecord(records, securityGroups, scope, peerGroupId)
        }
      }
      await records.update(group, { ...group.value, rules: [...others, ...rules] })
      return changed
    })
  }
  return {
    createGroup: (scope, request) => createGroup(context, scope, request),
    deleteGroup: (scope, groupId) => deleteGroup(context, scope, groupId),
    authorize: (scope, at, rules) =>
      changeRules(scope, at, (known) => {
        const changed: GroupRule[] = []
        for (const rule of rules.map(canonical)) {
          if ([...known, ...changed].some((other) => isSame(other, rule))) throw duplicate(rule)
          const ruleId = rule.ruleId ?? resourceId(random, 'sgr')
          changed.push({ ...rule, ruleId, direction: at.direction, tags: at.tags ?? [] })
        }
        return { rules: [...known, ...changed], changed }
      }),
    revoke: (scope, at, rules) =>
      changeRules(scope, at, (known) => {
        const wanted = rules.map(canonical)
        const [changed, kept] = split(known, (rule) => wanted.some((each) => isSame(rule, each)))
        if (changed.length < wanted.length) {
          throw new Refusal(
            'InvalidPermission.NotFound',
            'The specified rule does not exist in this security group.',
          )
        }
        return { rules: kept, changed }
      }),
    revokeById: (scope, at, ruleIds) =>
      changeRules(scope, at, (known) => {
        const [changed, kept] = split(known, (rule) => ruleIds.includes(rule.ruleId))
        const missing = ruleIds.find((id) => !changed.some((rule) => rule.ruleId === id))
        if (missing !== undefined) {
          throw new Refusal(
            'InvalidSecurityGroupRuleId.NotFound',
            `The security group rule ID '${missing}' does not exist`,
          )
        }
        return { rules: kept, changed }
      }),
  }
}

async function createGroup(
  { store, random }: EngineContext,
  scope: Scope,
  { groupId = resourceId(random, 'sg'), name, description, vpcId, tags }: CreateGroup,
): Promise<SecurityGroup> {
  return store.transaction(async (records) => {
    await requireRecord(records, vpcs, scope, vpcId)
    const siblings = await valuesOf(records, securityGroups, scope, vpcId)
    if (siblings.some((sibling) => sibling.name === name)) {
      throw new Refusal(
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${vpcId}'`,
      )
    }
    const everywhere: GroupRule = {
      ruleId: resourceId(random, 'sgr'),
      direction: 'egress',
      protocol: 'all',
      cidr: '0.0.0.0/0',
      tags: [],
    }
    const group = { groupId, name, description, vpcId, rules: [everywhere], tags }
    await records.insert(securityGroups, { scope, id: groupId, owner: vpcId }, group)
    return group
  })
}

async function deleteGroup({ store }: EngineContext, scope: Scope, groupId: string): Promise<void> {
  await store.transaction(async (records) => {
    const group = await requireRecord(records, securityGroups, scope, groupId)
    const { vpcId, name } = group.value
    if (name === 'default') {
      throw new Refusal(
        'CannotDelete',
        `the specified group: "${groupId}" name: "default" cannot be deleted by a user`,
      )
    }
    const interfaces = await valuesOf(records, networkInterfaces, scope, vpcId)
    const siblings = await valuesOf(records, securityGroups, scope, vpcId)
    const isUsed =
      interfaces.some((view) => view.securityGroupIds.includes(groupId)) ||
      siblings.some(
        (sibling) =>
          sibling.groupId !== groupId && sibling.rules.some((rule) => rule.peerGroupId === groupId),
      )
    if (isUsed) {
      throw new Refusal('DependencyViolation', `resource ${groupId} has a dependent object`)
    }
    await records.remove(group)
  })
}

function split<T>(all: readonly T[], isFirst: (item: T) => boolean): [readonly T[], readonly T[]] {
  return [all.filter(isFirst), all.filter((item) => !isFirst(item))]
}

/** EC2 keeps a range by its first address: `10.0.0.7/24` becomes `10.0.0.0/24`. */
function canonical(rule: NewRule): NewRule {
  if (rule.cidr === undefined) return rule
  const range = parseCidr(rule.cidr)
  if (range) return { ...rule, cidr: cidrText(range) }
  throw new Refusal('InvalidParameterValue', `CIDR block ${rule.cidr} is malformed`)
}

function isSame(a: NewRule, b: NewRule): boolean {
  return (
    a.protocol === b.protocol &&
    a.fromPort === b.fromPort &&
    a.toPort === b.toPort &&
    a.cidr === b.cidr &&
    a.peerGroupId === b.peerGroupId
  )
}

function duplicate(rule: NewRule): Refusal {
  const ports =
    rule.fromPort === undefined ? '' : `, from port: ${rule.fromPort}, to port: ${rule.toPort}`
  const protocol = rule.protocol === 'all' ? 'ALL' : rule.protocol.toUpperCase()
  return new Refusal(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${rule.cidr ?? rule.peerGroupId}, ${protocol}${ports}, ALLOW" already exists`,
  )
}
