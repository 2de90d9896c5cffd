import { cidrText, parseCidr } from './domain/cidr.ts'
import { ipv6RangeText } from './domain/ipv6-range.ts'
import type { GroupRule } from './records.ts'
import { Refusal } from './refusal.ts'

/** With an id of your own it can be made again without doubling. */
export type NewRule = Omit<GroupRule, 'ruleId' | 'direction' | 'tags'> & {
  readonly ruleId?: string
}

/** A rule of a group in other words; without a description it loses its own. */
export interface RuleUpdate {
  readonly ruleId: string
  readonly rule: NewRule
}

/** EC2 keeps a range by its first address: `10.0.0.7/24` becomes `10.0.0.0/24`. */
export function canonicalRule(rule: NewRule): NewRule {
  if (rule.cidr === undefined) return rule
  const range = parseCidr(rule.cidr)
  const cidr = range ? cidrText(range) : ipv6RangeText(rule.cidr)
  if (cidr !== undefined) return { ...rule, cidr }
  throw new Refusal('InvalidParameterValue', `CIDR block ${rule.cidr} is malformed`)
}

/** Whether two rules let the same through; what they are called does not matter. */
export function isSameRule(a: NewRule, b: NewRule): boolean {
  return (
    a.protocol === b.protocol &&
    a.fromPort === b.fromPort &&
    a.toPort === b.toPort &&
    a.cidr === b.cidr &&
    a.peerGroupId === b.peerGroupId
  )
}

/** The rules with the descriptions of these ones. One that is not there refuses them all. */
export function redescribed(
  known: readonly GroupRule[],
  given: readonly NewRule[],
): readonly GroupRule[] {
  const wanted = given.map(canonicalRule)
  for (const rule of wanted) {
    if (!known.some((other) => isSameRule(other, rule))) throw ruleNotFound()
  }
  return known.map((rule) => {
    const named = wanted.find((other) => isSameRule(other, rule))
    return named ? described(rule, named.description) : rule
  })
}

/** The rules with some in other words. What a rule's peer is, a range or a group, stays so. */
export function reworded(
  known: readonly GroupRule[],
  updates: readonly RuleUpdate[],
): readonly GroupRule[] {
  const byId = new Map(updates.map((update) => [update.ruleId, canonicalRule(update.rule)]))
  requireRules(known, [...byId.keys()])
  const rules = known.map((rule) => {
    const wanted = byId.get(rule.ruleId)
    if (!wanted) return rule
    if (peerForm(wanted) !== peerForm(rule)) {
      throw new Refusal(
        'InvalidParameterValue',
        `The type of the security group rule '${rule.ruleId}' cannot be changed.`,
      )
    }
    const { ruleId, direction, tags } = rule
    return { ...wanted, ruleId, direction, tags }
  })
  for (const rule of rules) {
    const isDouble = rules.some(
      (other) =>
        other.ruleId !== rule.ruleId &&
        other.direction === rule.direction &&
        isSameRule(other, rule),
    )
    if (isDouble && byId.has(rule.ruleId)) throw duplicateRule(rule)
  }
  return rules
}

/** Refuses ids that no rule has. */
export function requireRules(known: readonly GroupRule[], ruleIds: readonly string[]): void {
  const missing = ruleIds.find((id) => !known.some((rule) => rule.ruleId === id))
  if (missing === undefined) return
  throw new Refusal(
    'InvalidSecurityGroupRuleId.NotFound',
    `The security group rule ID '${missing}' does not exist`,
  )
}

export function ruleNotFound(): Refusal {
  return new Refusal(
    'InvalidPermission.NotFound',
    'The specified rule does not exist in this security group.',
  )
}

export function duplicateRule(rule: NewRule): Refusal {
  const ports =
    rule.fromPort === undefined ? '' : `, from port: ${rule.fromPort}, to port: ${rule.toPort}`
  const protocol = rule.protocol === 'all' ? 'ALL' : rule.protocol.toUpperCase()
  return new Refusal(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${rule.cidr ?? rule.peerGroupId}, ${protocol}${ports}, ALLOW" already exists`,
  )
}

/** The rule by another description, or by none. */
export function described(rule: GroupRule, description: string | undefined): GroupRule {
  const { description: _, ...rest } = rule
  return description === undefined ? rest : { ...rest, description }
}

function peerForm({ cidr, peerGroupId }: NewRule): string {
  if (peerGroupId !== undefined) return 'group'
  return cidr?.includes(':') === true ? 'ipv6' : 'ipv4'
}
