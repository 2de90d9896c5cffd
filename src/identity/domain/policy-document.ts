/** A policy as JSON, its lists opened: what validation and the trust evaluation read. */
interface PolicyDocument {
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly principals: readonly PolicyPrincipal[]
  readonly notPrincipals: readonly PolicyPrincipal[]
  readonly conditions: readonly Condition[]
}

/** `kind` is `AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for everyone. */
export interface PolicyPrincipal {
  readonly kind: string
  readonly value: string
}

export interface Condition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

export type PolicyReading =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly reason: string }

/** What a policy is for: an identity's policy names resources, a trust policy names principals. */
export type PolicyPurpose = 'identity' | 'trust'

const versions = ['2012-10-17', '2008-10-17']
const statementMembers = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]

/** Reads and validates a policy document. The reasons are the texts of IAM's MalformedPolicyDocument. */
export function readPolicy(text: string, purpose: PolicyPurpose): PolicyReading {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused('This policy contains invalid Json')
  }
  if (!isObject(value)) return refused('Syntax errors in policy.')
  const version = value['Version']
  if (version !== undefined && !(typeof version === 'string' && versions.includes(version))) {
    return refused('The policy must contain a valid version string')
  }
  const listed = value['Statement']
  const statements = Array.isArray(listed) ? listed : listed === undefined ? [] : [listed]
  if (statements.length === 0) return refused('Syntax errors in policy.')
  const read: Statement[] = []
  for (const statement of statements) {
    const reason = faultOf(statement, purpose)
    if (reason) return refused(reason)
    read.push(openStatement(statement as Record<string, unknown>))
  }
  return { ok: true, document: { statements: read } }
}

function faultOf(statement: unknown, purpose: PolicyPurpose): string | undefined {
  if (!isObject(statement)) return 'Syntax errors in policy.'
  const strange = Object.keys(statement).find((member) => !statementMembers.includes(member))
  if (strange) return `Syntax errors in policy. Unknown field ${strange}`
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') {
    return 'Policy statement must contain a valid effect: Allow or Deny.'
  }
  if (textsOf(statement['Action']).length + textsOf(statement['NotAction']).length === 0) {
    return 'Policy statement must contain actions.'
  }
  const actions = [...textsOf(statement['Action']), ...textsOf(statement['NotAction'])]
  if (actions.some((action) => action !== '*' && !/^[\w*?-]+:[\w*?]+$/.test(action))) {
    return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
  }
  const names = statement['Principal'] !== undefined || statement['NotPrincipal'] !== undefined
  const places = statement['Resource'] !== undefined || statement['NotResource'] !== undefined
  if (purpose === 'trust') {
    if (places) return 'Has prohibited field Resource'
    return names ? undefined : 'Missing required field Principal'
  }
  if (names) return 'Policy document should not specify a principal.'
  return places ? undefined : 'Policy statement must contain resources.'
}

function openStatement(statement: Record<string, unknown>): Statement {
  return {
    effect: statement['Effect'] === 'Deny' ? 'Deny' : 'Allow',
    actions: textsOf(statement['Action']),
    notActions: textsOf(statement['NotAction']),
    principals: principalsOf(statement['Principal']),
    notPrincipals: principalsOf(statement['NotPrincipal']),
    conditions: conditionsOf(statement['Condition']),
  }
}

function principalsOf(value: unknown): readonly PolicyPrincipal[] {
  if (typeof value === 'string') return [{ kind: '*', value }]
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([kind, names]) =>
    textsOf(names).map((name) => ({ kind, value: name })),
  )
}

function conditionsOf(value: unknown): readonly Condition[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, texts]) => ({ operator, key, values: textsOf(texts) }))
      : [{ operator, key: '', values: [] }],
  )
}

function textsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(reason: string): PolicyReading {
  return { ok: false, reason }
}
