import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import {
  canonicalRule,
  described,
  duplicateRule,
  isSameRule,
  redescribed,
  requireRules,
  reworded,
  ruleNotFound,
  type NewRule,
  type RuleUpdate,
} from './group-rules.ts'
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

/** Security groups and their rules. Failures are `Refusal`s. */
export interface SecurityCatalogue {
  createGroup(scope: Scope, request: CreateGroup): Promise<SecurityGroup>
  deleteGroup(scope: Scope, groupId: string): Promise<void>
  /** The rules with their new ids. A rule that is there already refuses them all. */
  authorize(scope: Scope, at: RulesAt, rules: readonly NewRule[]): Promise<readonly GroupRule[]>
  /** The rules taken away. One that is not there refuses them all. */
  revoke(scope: Scope, at: RulesAt, rules: readonly NewRule[]): Promise<readonly GroupRule[]>
  revokeById(scope: Scope, at: RulesAt, ruleIds: readonly string[]): Promise<readonly GroupRule[]>
  /** Gives these rules their descriptions; one without any loses its own. */
  describe(scope: Scope, at: RulesAt, rules: readonly NewRule[]): Promise<void>
  describeById(scope: Scope, at: RulesAt, descriptions: RuleDescriptions): Promise<void>
  /** Rules of either direction in other words. All of them or none. */
  reword(scope: Scope, groupId: string, updates: readonly RuleUpdate[]): Promise<void>
}

/** By rule id. */
export type RuleDescriptions = ReadonlyMap<string, string | undefined>

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
  return {
    createGroup: (scope, request) => createGroup(context, scope, request),
    deleteGroup: (scope, groupId) => deleteGroup(context, scope, groupId),
    ...ruleCatalogue(context),
  }
}

/** Changes the rules of one direction, or of both when none is named, and answers what it changed. */
function ruleChanger({ store }: EngineContext) {
  return async (
    scope: Scope,
    { groupId, direction }: Partial<RulesAt> & { groupId: string },
    change: (rules: readonly GroupRule[]) => {
      rules: readonly GroupRule[]
      changed: readonly GroupRule[]
    },
  ): Promise<readonly GroupRule[]> =>
    store.transaction(async (records) => {
      const group = await requireRecord(records, securityGroups, scope, groupId)
      const [mine, others] = split(
        group.value.rules,
        (rule) => direction === undefined || rule.direction === direction,
      )
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

function ruleCatalogue(
  context: EngineContext,
): Omit<SecurityCatalogue, 'createGroup' | 'deleteGroup'> {
  const { random } = context
  const changeRules = ruleChanger(context)
  return {
    authorize: (scope, at, rules) =>
      changeRules(scope, at, (known) => {
        const changed: GroupRule[] = []
        for (const rule of rules.map(canonicalRule)) {
          if ([...known, ...changed].some((other) => isSameRule(other, rule)))
            throw duplicateRule(rule)
          const ruleId = rule.ruleId ?? resourceId(random, 'sgr')
          changed.push({ ...rule, ruleId, direction: at.direction, tags: at.tags ?? [] })
        }
        return { rules: [...known, ...changed], changed }
      }),
    revoke: (scope, at, rules) =>
      changeRules(scope, at, (known) => {
        const wanted = rules.map(canonicalRule)
        const [changed, kept] = split(known, (rule) =>
          wanted.some((each) => isSameRule(rule, each)),
        )
        if (changed.length < wanted.length) throw ruleNotFound()
        return { rules: kept, changed }
      }),
    revokeById: (scope, at, ruleIds) =>
      changeRules(scope, at, (known) => {
        const [changed, kept] = split(known, (rule) => ruleIds.includes(rule.ruleId))
        requireRules(known, ruleIds)
        return { rules: kept, changed }
      }),
    async describe(scope, at, rules) {
      await changeRules(scope, at, (known) => changedTo(redescribed(known, rules)))
    },
    async describeById(scope, at, descriptions) {
      await changeRules(scope, at, (known) => {
        requireRules(known, [...descriptions.keys()])
        const rename = (rule: GroupRule) =>
          descriptions.has(rule.ruleId) ? described(rule, descriptions.get(rule.ruleId)) : rule
        return changedTo(known.map(rename))
      })
    },
    async reword(scope, groupId, updates) {
      await changeRules(scope, { groupId }, (known) => changedTo(reworded(known, updates)))
    },
  }
}

function changedTo(rules: readonly GroupRule[]) {
  return { rules, changed: rules }
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
