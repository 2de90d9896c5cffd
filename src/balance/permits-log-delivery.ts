import { matchesWildcards } from '../kernel/matches-wildcards.ts'
import { partitionOf, type Scope } from '../kernel/scope.ts'

/** The accounts that Elastic Load Balancing delivers logs from, in regions that have one (the user guide's table). */
const deliveringAccounts: Readonly<Record<string, string>> = {
  'us-east-1': '127311923021',
  'us-east-2': '033677994240',
  'us-west-1': '027434742980',
  'us-west-2': '797873946194',
  'af-south-1': '098369216593',
  'ap-east-1': '754344448648',
  'ap-south-1': '718504428378',
  'ap-northeast-1': '582318560864',
  'ap-northeast-2': '600734575887',
  'ap-northeast-3': '383597477331',
  'ap-southeast-1': '114774131450',
  'ap-southeast-2': '783225319266',
  'ap-southeast-3': '589379963580',
  'ca-central-1': '985666609251',
  'eu-central-1': '054676820928',
  'eu-west-1': '156460612806',
  'eu-west-2': '652711504416',
  'eu-west-3': '009996457667',
  'eu-north-1': '897822967062',
  'eu-south-1': '635631232127',
  'me-south-1': '076674570225',
  'sa-east-1': '507241528517',
  'us-gov-west-1': '048591011584',
  'us-gov-east-1': '190560391635',
  'cn-north-1': '638102146993',
  'cn-northwest-1': '037604701340',
}
const deliveringService = 'logdelivery.elasticloadbalancing.amazonaws.com'
/** Logs of Network Load Balancers come by the way of all other services' logs. */
const deliveringLogs = 'delivery.logs.amazonaws.com'

/** What is to be written, and for whom. */
export interface LogDelivery {
  readonly scope: Scope
  readonly bucket: string
  readonly key: string
  /** The balancer's. */
  readonly sourceArn: string
}

type Statement = Readonly<Record<string, unknown>>

/** One call that the delivery makes. */
interface Call {
  /** Lower-case. */
  readonly action: string
  readonly resource: string
  readonly delivery: LogDelivery
}

/**
 * Whether a bucket's policy lets Elastic Load Balancing write a log, and for Network Load Balancers read the bucket's ACL before: a
 * statement allows it, and none denies. A condition that is not understood never allows, and always denies.
 */
export function permitsLogDelivery(policy: string | undefined, delivery: LogDelivery): boolean {
  const { bucket, key, scope } = delivery
  const resource = `arn:${partitionOf(scope.region)}:s3:::${bucket}`
  const statements = statementsOf(policy)
  return (
    permits(statements, { action: 's3:putobject', resource: `${resource}/${key}`, delivery }) &&
    (!isOfNetwork(delivery) ||
      permits(statements, { action: 's3:getbucketacl', resource, delivery }))
  )
}

function isOfNetwork({ sourceArn }: LogDelivery): boolean {
  return sourceArn.includes(':loadbalancer/net/')
}

function permits(statements: readonly Statement[], call: Call): boolean {
  const { delivery } = call
  const matching = statements.filter((statement) => concerns(statement, call))
  const isDenied = matching.some(
    (each) => each['Effect'] === 'Deny' && holds(each, delivery) !== false,
  )
  const isAllowed = matching.some(
    (each) => each['Effect'] === 'Allow' && holds(each, delivery) === true,
  )
  return isAllowed && !isDenied
}

function statementsOf(policy: string | undefined): readonly Statement[] {
  if (policy === undefined) return []
  const { Statement: listed } = JSON.parse(policy) as { Statement?: Statement | Statement[] }
  return listed === undefined ? [] : [listed].flat()
}

function concerns(statement: Statement, { action, resource, delivery }: Call): boolean {
  return (
    named(statement, 'Principal', (principals) => isOurs(principals, delivery)) &&
    named(statement, 'Action', (actions) =>
      textsOf(actions).some((one) => matchesWildcards(one.toLowerCase(), action)),
    ) &&
    named(statement, 'Resource', (resources) =>
      textsOf(resources).some((one) => matchesWildcards(one, resource)),
    )
  )
}

/** A member, or the `Not` of it. */
function named(
  statement: Statement,
  member: 'Principal' | 'Action' | 'Resource',
  test: (value: unknown) => boolean,
): boolean {
  const not = statement[`Not${member}`]
  return not === undefined ? test(statement[member]) : !test(not)
}

function isOurs(principals: unknown, delivery: LogDelivery): boolean {
  if (typeof principals === 'string') return principals === '*'
  if (typeof principals !== 'object' || principals === null) return false
  const { AWS, Service } = principals as Readonly<Record<string, unknown>>
  if (isOfNetwork(delivery)) {
    return textsOf(AWS).includes('*') || textsOf(Service).includes(deliveringLogs)
  }
  const { region } = delivery.scope
  const account = Object.hasOwn(deliveringAccounts, region) ? deliveringAccounts[region] : undefined
  const root = `arn:${partitionOf(region)}:iam::${account}:root`
  return (
    textsOf(AWS).some((one) => one === '*' || one === account || one === root) ||
    textsOf(Service).includes(deliveringService)
  )
}

/** Undefined: not understood. */
function holds(statement: Statement, delivery: LogDelivery): boolean | undefined {
  const conditions = statement['Condition']
  if (conditions === undefined) return true
  if (typeof conditions !== 'object' || conditions === null) return undefined
  const results = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries((keys ?? {}) as object).map(([key, values]) =>
      conditionHolds(operator, key.toLowerCase(), { values: textsOf(values), delivery }),
    ),
  )
  if (results.includes(false)) return false
  return results.includes(undefined) ? undefined : true
}

function conditionHolds(
  operator: string,
  key: string,
  { values, delivery }: { readonly values: readonly string[]; readonly delivery: LogDelivery },
): boolean | undefined {
  const { scope } = delivery
  const { account, region } = scope
  const sourceArn = isOfNetwork(delivery)
    ? `arn:${partitionOf(region)}:logs:${region}:${account}:*`
    : delivery.sourceArn
  const known: Readonly<Record<string, string>> = {
    'aws:sourcearn': sourceArn,
    'aws:sourceaccount': account,
    'aws:securetransport': 'true',
    's3:x-amz-acl': 'bucket-owner-full-control',
  }
  const value = Object.hasOwn(known, key) ? known[key] : undefined
  if (value === undefined) return undefined
  switch (operator.replace(/IfExists$/, '')) {
    case 'StringEquals':
      return values.includes(value)
    case 'StringNotEquals':
      return !values.includes(value)
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return values.some((one) => one.toLowerCase() === value.toLowerCase())
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return values.some((pattern) => matchesWildcards(pattern, value))
    case 'StringNotLike':
    case 'ArnNotLike':
    case 'ArnNotEquals':
      return !values.some((pattern) => matchesWildcards(pattern, value))
    default:
      return undefined
  }
}

function textsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}
