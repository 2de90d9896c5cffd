import { matchesWildcards } from '../../kernel/matches-wildcards.ts'
import { problem } from './template-problem.ts'

export type PolicyAction = 'Update:Modify' | 'Update:Replace' | 'Update:Delete'

interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly isNotAction: boolean
  readonly resources: readonly string[]
  readonly isNotResource: boolean
  /** Of `Condition`, patterns of the resource's type. */
  readonly types?: readonly string[]
}

const bytesMax = 16_384
const members = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Principal',
  'Resource',
  'NotResource',
  'Condition',
]
const actions = ['Update:Modify', 'Update:Replace', 'Update:Delete', 'Update:*', '*']

/** The policy as it was given, when it can be read. Throws a `TemplateProblem` that names what cannot. */
export function checkedPolicy(text: string): string {
  statementsOf(text)
  return text
}

/** Why a stack's policy forbids an update of one of its resources; undefined when it allows it. What no statement allows is forbidden. */
export function policyDenial(
  text: string,
  at: { readonly logicalId: string; readonly type: string; readonly action: PolicyAction },
): string | undefined {
  const statements = statementsOf(text)
  const applying = statements.filter((statement) => applies(statement, at))
  const denying = applying.find(({ effect }) => effect === 'Deny')
  if (denying) {
    const number = statements.indexOf(denying) + 1
    return `Action denied by stack policy: Statement [#${number}] does not allow [${at.action}] for resource [LogicalResourceId/${at.logicalId}]`
  }
  if (applying.length > 0) return undefined
  return `Action denied by stack policy: no statement allows [${at.action}] for resource [LogicalResourceId/${at.logicalId}]`
}

function applies(
  statement: Statement,
  { logicalId, type, action }: { logicalId: string; type: string; action: PolicyAction },
): boolean {
  const isAction = statement.actions.some((pattern) => matchesWildcards(pattern, action))
  const name = `LogicalResourceId/${logicalId}`
  const isResource = statement.resources.some((pattern) => matchesWildcards(pattern, name))
  const isType = statement.types?.some((pattern) => matchesWildcards(pattern, type)) ?? true
  return isAction !== statement.isNotAction && isResource !== statement.isNotResource && isType
}

function statementsOf(text: string): readonly Statement[] {
  if (text.length > bytesMax) throw problem(`Stack policy is longer than ${bytesMax} bytes`)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw problem('Error validating stack policy: Invalid policy: it is not JSON')
  }
  const { Statement: given } = mapOf(document, 'policy')
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  return list.map(statementOf)
}

function statementOf(value: unknown): Statement {
  const given = mapOf(value, 'Statement')
  const unknown = Object.keys(given).find((name) => !members.includes(name))
  if (unknown !== undefined) throw wrong(unknown)
  const { Effect, Action, NotAction, Principal, Resource, NotResource, Condition } = given
  if (Effect !== 'Allow' && Effect !== 'Deny') throw wrong('Effect')
  const isStar =
    Principal === '*' ||
    (typeof Principal === 'object' &&
      Principal !== null &&
      'AWS' in Principal &&
      Principal.AWS === '*')
  if (!isStar) throw wrong('Principal')
  if ((Action === undefined) === (NotAction === undefined)) throw wrong('Action')
  if ((Resource === undefined) === (NotResource === undefined)) throw wrong('Resource')
  const named = textsOf(Action ?? NotAction, 'Action')
  if (named.some((each) => !actions.includes(each))) throw wrong('Action')
  return {
    effect: Effect,
    actions: named,
    isNotAction: NotAction !== undefined,
    resources: textsOf(Resource ?? NotResource, 'Resource'),
    isNotResource: NotResource !== undefined,
    ...(Condition === undefined ? {} : { types: typesOf(Condition) }),
  }
}

/** `{StringEquals | StringLike: {ResourceType: […]}}`, all that stack policies know. */
function typesOf(condition: unknown): readonly string[] {
  const entries = Object.entries(mapOf(condition, 'Condition'))
  return entries.flatMap(([operator, keys]) => {
    const { ResourceType, ...others } = mapOf(keys, 'Condition')
    const isKnown = operator === 'StringEquals' || operator === 'StringLike'
    if (!isKnown || Object.keys(others).length > 0) throw wrong('Condition')
    return textsOf(ResourceType, 'Condition')
  })
}

function textsOf(value: unknown, name: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.map((item) => {
    if (typeof item !== 'string') throw wrong(name)
    return item
  })
}

function mapOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw wrong(name)
}

function wrong(name: string): Error {
  return problem(
    `Error validating stack policy: Invalid policy: ${name} is missing or not supported`,
  )
}
