import { functions, textFrom } from './apply-function.ts'
import type { Expression, FunctionName, SubPart } from './expression.ts'
import type { SourceNode } from './source-node.ts'
import { formatProblem, functionProblem } from './template-problem.ts'
import type { Mappings } from './template.ts'

/** What the names in a template stand for at one moment. */
export interface Environment {
  /** Of parameters and pseudo parameters, except AWS::NoValue. */
  readonly values: ReadonlyMap<string, string | readonly string[] | typeof pending>
  readonly mappings: Mappings
  condition(name: string): boolean
  /** Undefined when the stack has no such resource (its condition is false). */
  resource(logicalId: string): ResourceValue | undefined
  zones(region: string): readonly string[]
  /** The value of an export. Throws a `TemplateProblem` for one that is not there. */
  imported(name: string): unknown
  /** Told of every text that a function makes, before it is made. Throws a `TemplateProblem` when they are too many or too long. */
  spend?(characters: number): void
}

export interface ResourceValue {
  /** What `Ref` gives. */
  readonly ref: unknown
  /** Undefined when there is no such attribute. */
  attribute(name: string): unknown
}

/** Stands for what only exists once a resource was made; anything made of it is pending too. */
export const pending: unique symbol = Symbol('known after apply')

/** AWS::NoValue: the property or item that has it is left out. */
const noValue: unique symbol = Symbol('AWS::NoValue')

/** The plain value of an expression; undefined when it is AWS::NoValue. Throws a `TemplateProblem`. */
export function evaluate(expression: Expression, environment: Environment): unknown {
  const value = valueOf(expression, environment)
  return value === noValue ? undefined : value
}

/** Whether a condition of the template holds. */
export function holds(expression: Expression, environment: Environment): boolean {
  if (expression.kind === 'condition') return environment.condition(expression.name)
  const value = valueOf(expression, environment)
  if (value === true || value === false) return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw functionProblem('a condition must be true or false', expression.at)
}

function valueOf(expression: Expression, environment: Environment): unknown {
  switch (expression.kind) {
    case 'value':
      return expression.value
    case 'list':
      return expression.items
        .map((item) => valueOf(item, environment))
        .filter((value) => value !== noValue)
    case 'map':
      return mapOf(expression.entries, environment)
    case 'ref':
      return refOf(expression.name, environment)
    case 'getAtt':
      return attributeOf(expression.logicalId, expression.attribute, environment)
    case 'sub':
      return substituted(expression, environment)
    case 'condition':
      return environment.condition(expression.name)
    case 'call':
      return called(expression, environment)
  }
}

function mapOf(entries: ReadonlyMap<string, Expression>, environment: Environment): unknown {
  const map: Record<string, unknown> = {}
  for (const [key, inner] of entries) {
    const value = valueOf(inner, environment)
    if (value !== noValue) Object.defineProperty(map, key, { ...ownProperty, value })
  }
  return map
}

/** A key named `__proto__` is a key like any other. */
const ownProperty = { enumerable: true, configurable: true, writable: true } as const

function refOf(name: string, environment: Environment): unknown {
  if (name === 'AWS::NoValue') return noValue
  const value = environment.values.get(name)
  if (value !== undefined) return value
  return resourceOf(name, environment).ref
}

function attributeOf(logicalId: string, attribute: string, environment: Environment): unknown {
  const value = resourceOf(logicalId, environment).attribute(attribute)
  if (value !== undefined) return value
  throw functionProblem(
    `resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
  )
}

function resourceOf(logicalId: string, environment: Environment): ResourceValue {
  const resource = environment.resource(logicalId)
  if (resource) return resource
  throw formatProblem(
    `Unresolved resource dependencies [${logicalId}] in the Resources block of the template`,
  )
}

function substituted(
  expression: Expression & { readonly kind: 'sub' },
  environment: Environment,
): unknown {
  const variables = new Map<string, unknown>()
  let text = ''
  for (const part of expression.parts) {
    const value = partOf(part, expression.variables, environment, variables)
    if (value === pending) return pending
    const piece = textFrom(value, 'Fn::Sub', expression.at)
    environment.spend?.(piece.length)
    text += piece
  }
  return text
}

function partOf(
  part: SubPart,
  variables: ReadonlyMap<string, Expression>,
  environment: Environment,
  known: Map<string, unknown>,
): unknown {
  if ('text' in part) return part.text
  if ('ref' in part) return refOf(part.ref, environment)
  if ('logicalId' in part) return attributeOf(part.logicalId, part.attribute, environment)
  const variable = variables.get(part.variable)
  if (!known.has(part.variable)) {
    known.set(part.variable, variable ? valueOf(variable, environment) : '')
  }
  return known.get(part.variable)
}

type Call = Expression & { readonly kind: 'call' }

function called(call: Call, environment: Environment): unknown {
  const [first, second, third] = call.operands
  if (call.name === 'Fn::If' && first && second && third) {
    return valueOf(holds(first, environment) ? second : third, environment)
  }
  if (isConditionFunction(call.name)) return conditionOf(call, environment)
  const operands = call.operands.map((operand) => valueOf(operand, environment))
  if (call.name === 'Fn::Select') return selected(operands, call.at)
  if (operands.some(isPending)) return pending
  return functions[call.name](operands, call.at, environment)
}

function isPending(value: unknown): boolean {
  if (value === pending) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(isPending)
}

export type ConditionFunction = 'Fn::And' | 'Fn::Or' | 'Fn::Not' | 'Fn::Equals' | 'Fn::If'

function isConditionFunction(name: FunctionName): name is ConditionFunction {
  return ['Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals', 'Fn::If'].includes(name)
}

function conditionOf(call: Call, environment: Environment): boolean {
  if (call.name === 'Fn::Equals') {
    const [left, right] = call.operands.map((operand) => valueOf(operand, environment))
    return JSON.stringify(comparable(left)) === JSON.stringify(comparable(right))
  }
  const operands = call.operands.map((operand) => holds(operand, environment))
  if (call.name === 'Fn::And') return operands.every(Boolean)
  if (call.name === 'Fn::Or') return operands.some(Boolean)
  return !operands[0]
}

/** `80` and `"80"` are equal, as are `true` and `"true"`. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}

function selected(operands: readonly unknown[], at: SourceNode): unknown {
  const [index, list] = operands
  if (index === pending || list === pending) return pending
  if (!Array.isArray(list)) {
    throw functionProblem('Fn::Select requires a list argument with two elements', at)
  }
  const place = textFrom(index, 'Fn::Select', at)
  const value: unknown = /^\d+$/.test(place) ? list[Number(place)] : undefined
  if (value !== undefined) return value
  throw functionProblem(`Fn::Select cannot select nonexistent value at index ${place}`, at)
}
