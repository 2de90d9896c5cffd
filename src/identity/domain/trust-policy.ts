import { parseArn } from '../../kernel/arn.ts'
import { matchesWildcards } from '../../kernel/matches-wildcards.ts'
import { readPolicy } from './policy-document.ts'
import type { Condition, PolicyPrincipal, Statement } from './policy-document.ts'

/** Who wants to take a role: a caller by its ARN, or a service by its name. */
export type Trustee =
  | { readonly kind: 'caller'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly name: string }

export interface TrustRequest {
  readonly trustee: Trustee
  /** `sts:AssumeRole` */
  readonly action: string
  /** What conditions may ask about: `sts:ExternalId`, `aws:PrincipalArn`. Keys in lower case. */
  readonly conditionValues: Readonly<Record<string, string>>
}

/**
 * Whether a role's trust policy lets it be taken: a statement allows it, and none denies. A condition that we do not
 * understand never allows, and always denies.
 */
export function trusts(document: string, request: TrustRequest): boolean {
  const reading = readPolicy(document, 'trust')
  if (!reading.ok) return false
  const matching = reading.document.statements.filter(
    (statement) => actionMatches(statement, request.action) && principalMatches(statement, request),
  )
  const denied = matching.some(
    (statement) =>
      statement.effect === 'Deny' &&
      statement.conditions.every((condition) => conditionHolds(condition, request) !== false),
  )
  const allowed = matching.some(
    (statement) =>
      statement.effect === 'Allow' &&
      statement.conditions.every((condition) => conditionHolds(condition, request) === true),
  )
  return allowed && !denied
}

function actionMatches(statement: Statement, action: string): boolean {
  if (statement.notActions.length > 0) {
    return !statement.notActions.some((pattern) => matches(pattern, action))
  }
  return statement.actions.some((pattern) => matches(pattern, action))
}

function principalMatches(statement: Statement, request: TrustRequest): boolean {
  if (statement.notPrincipals.length > 0) {
    return !statement.notPrincipals.some((principal) => names(principal, request.trustee))
  }
  return statement.principals.some((principal) => names(principal, request.trustee))
}

function names(principal: PolicyPrincipal, trustee: Trustee): boolean {
  if (principal.kind === '*') return principal.value === '*'
  if (trustee.kind === 'service') {
    return principal.kind === 'Service' && principal.value === trustee.name
  }
  if (principal.kind !== 'AWS') return false
  if (principal.value === '*' || principal.value === trustee.account) return true
  const arn = parseArn(principal.value)
  if (!arn) return false
  if (arn.resource === 'root') return arn.account === trustee.account
  return principal.value === trustee.arn || principal.value === roleArnOf(trustee.arn)
}

/** The role behind an assumed role's session: a policy may name either. Paths are lost in a session's ARN, as on AWS. */
function roleArnOf(sessionArn: string): string | undefined {
  const arn = parseArn(sessionArn)
  const role = /^assumed-role\/([^/]+)\//.exec(arn?.resource ?? '')?.[1]
  return arn && role ? `arn:${arn.partition}:iam::${arn.account}:role/${role}` : undefined
}

/** Undefined: not understood. */
function conditionHolds(condition: Condition, request: TrustRequest): boolean | undefined {
  const value = request.conditionValues[condition.key.toLowerCase()]
  const known = ['sts:externalid', 'aws:principalarn', 'aws:principalaccount']
  if (!known.includes(condition.key.toLowerCase())) return undefined
  switch (condition.operator) {
    case 'StringEquals':
    case 'ArnEquals':
      return value !== undefined && condition.values.includes(value)
    case 'StringNotEquals':
      return value === undefined || !condition.values.includes(value)
    case 'StringLike':
    case 'ArnLike':
      return (
        value !== undefined && condition.values.some((pattern) => matchesWildcards(pattern, value))
      )
    case 'Null':
      return condition.values.every((wish) => (wish === 'true') === (value === undefined))
    default:
      return undefined
  }
}

function matches(pattern: string, action: string): boolean {
  return matchesWildcards(pattern.toLowerCase(), action.toLowerCase())
}
