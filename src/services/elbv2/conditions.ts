import type { RuleCondition as GivenCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RuleCondition } from '../../protocol/gateway.ts'
import { is } from '../../wire/accept.ts'
import type { AcceptTree } from '../../wire/service.ts'
import { validationError } from './errors.ts'

/** Members of a condition that are honoured. */
export const acceptedCondition: AcceptTree = {
  Field: is(
    'path-pattern',
    'host-header',
    'http-header',
    'http-request-method',
    'query-string',
    'source-ip',
  ),
  Values: true,
  PathPatternConfig: { Values: true },
  HostHeaderConfig: { Values: true },
  HttpHeaderConfig: { HttpHeaderName: true, Values: true },
  HttpRequestMethodConfig: { Values: true },
  QueryStringConfig: { Values: { Key: true, Value: true } },
  SourceIpConfig: { Values: true },
}

/** The others may stand in a rule several times. */
const onlyOnce = ['host-header', 'http-request-method', 'path-pattern', 'source-ip']

const patternLengthMax = 128
const valuesMax = 5

export function readConditions(
  given: readonly GivenCondition[] | undefined,
): readonly RuleCondition[] {
  const conditions = (given ?? []).map(readCondition)
  if (conditions.length === 0) throw validationError('A rule must have a condition')
  for (const field of onlyOnce) {
    if ((given ?? []).filter(({ Field }) => Field === field).length > 1) {
      throw validationError(`A rule can have only one '${field}' condition`)
    }
  }
  const count = conditions.reduce((total, condition) => total + condition.values.length, 0)
  if (count > valuesMax) throw validationError('A rule can have at most 5 condition values')
  return conditions
}

function readCondition(given: GivenCondition): RuleCondition {
  switch (given.Field) {
    case 'path-pattern': {
      const allowed = /^[\w.$/~"'@:+*?&\-%!,;=()#\\]+$/
      const values = given.PathPatternConfig?.Values ?? given.Values
      return { field: 'path', values: checked(values, allowed) }
    }
    case 'host-header': {
      const values = given.HostHeaderConfig?.Values ?? given.Values
      return { field: 'host', values: checked(values, /^[\w.\-*?]+$/) }
    }
    case 'http-header':
      return readHeader(given)
    case 'http-request-method': {
      const values = given.HttpRequestMethodConfig?.Values ?? given.Values
      return { field: 'method', values: checked(values, /^[A-Z_-]{1,40}$/) }
    }
    case 'query-string':
      return readQuery(given)
    case 'source-ip': {
      const values = given.SourceIpConfig?.Values ?? given.Values
      return { field: 'source', values: checked(values, ipv4Range) }
    }
    case undefined:
    default:
      throw validationError(`Condition field '${given.Field ?? ''}' must be one of the six known`)
  }
}

const ipv4Range = /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\/(3[0-2]|[12]?\d)$/
const printable = /^[\x20-\x7e]+$/

function readHeader({ HttpHeaderConfig }: GivenCondition): RuleCondition {
  const name = HttpHeaderConfig?.HttpHeaderName ?? ''
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}$/.test(name)) {
    throw validationError(`The HTTP header name '${name}' is not valid`)
  }
  if (name.toLowerCase() === 'host') {
    throw validationError("Use a 'host-header' condition for the Host header")
  }
  return { field: 'header', name, values: checked(HttpHeaderConfig?.Values, printable) }
}

function readQuery({ QueryStringConfig }: GivenCondition): RuleCondition {
  const given = QueryStringConfig?.Values ?? []
  const texts = given.flatMap(({ Key, Value }) => (Key === undefined ? [Value] : [Key, Value]))
  checked(
    texts.map((text) => text ?? ''),
    printable,
  )
  const values = given.map(({ Key, Value = '' }) => ({
    ...(Key === undefined ? {} : { key: Key }),
    value: Value,
  }))
  return { field: 'query', values }
}

function checked(values: readonly string[] | undefined, allowed: RegExp): readonly string[] {
  if (values === undefined || values.length === 0) {
    throw validationError('A condition value must be specified')
  }
  for (const value of values) {
    if (value.length > patternLengthMax) {
      throw validationError(
        `Condition value '${value}' cannot be longer than '${patternLengthMax}' characters`,
      )
    }
    if (!allowed.test(value)) {
      throw validationError(`Condition value '${value}' contains a character that is not valid`)
    }
  }
  return values
}

export function conditionView(condition: RuleCondition): GivenCondition {
  switch (condition.field) {
    case 'path': {
      const Values = [...condition.values]
      return { Field: 'path-pattern', Values, PathPatternConfig: { Values } }
    }
    case 'host': {
      const Values = [...condition.values]
      return { Field: 'host-header', Values, HostHeaderConfig: { Values } }
    }
    case 'header': {
      const Values = [...condition.values]
      return {
        Field: 'http-header',
        HttpHeaderConfig: { HttpHeaderName: condition.name, Values },
      }
    }
    case 'method': {
      const Values = [...condition.values]
      return { Field: 'http-request-method', HttpRequestMethodConfig: { Values } }
    }
    case 'query': {
      const Values = condition.values.map(({ key, value }) => ({
        ...(key === undefined ? {} : { Key: key }),
        Value: value,
      }))
      return { Field: 'query-string', QueryStringConfig: { Values } }
    }
    case 'source': {
      const Values = [...condition.values]
      return { Field: 'source-ip', SourceIpConfig: { Values } }
    }
  }
}
