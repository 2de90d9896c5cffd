import { parameterKindOf } from './parameter-kinds.ts'
import { problem } from './template-problem.ts'
import { templateLimits, type ParameterDeclaration, type Template } from './template.ts'

/** A parameter as the caller gives it. */
export interface GivenParameter {
  readonly name: string
  readonly value: string | undefined
  readonly usePreviousValue: boolean
  /** Only applying a change set tells it: `value` is what shows instead, and is not looked at. */
  readonly isPending?: boolean
}

/** Whether the whole text matches; for patterns that strangers write, one that cannot take for ever. */
export type PatternTest = (pattern: string, text: string) => boolean

const matchesAtOnce: PatternTest = (pattern, text) => new RegExp(`^(?:${pattern})$`).test(text)

/** The text of each parameter that the template declares, checked against its declaration. Throws a `TemplateProblem`. */
export function resolveParameters(
  template: Pick<Template, 'parameters'>,
  given: readonly GivenParameter[],
  previous: Readonly<Record<string, string>>,
  matches: PatternTest = matchesAtOnce,
): Readonly<Record<string, string>> {
  const unknown = given.filter(({ name }) => !template.parameters.has(name))
  if (unknown.length > 0) {
    throw problem(`Parameters: [${namesOf(unknown)}] do not exist in the template`)
  }
  const byName = new Map(given.map((parameter) => [parameter.name, parameter]))
  if (byName.size < given.length) throw problem('Parameters: a parameter is given twice')
  const values: Record<string, string> = {}
  const missing: ParameterDeclaration[] = []
  for (const declaration of template.parameters.values()) {
    const parameter = byName.get(declaration.name)
    const value = parameter?.usePreviousValue
      ? previous[declaration.name]
      : (parameter?.value ?? declaration.default)
    if (value === undefined) missing.push(declaration)
    else values[declaration.name] = value
  }
  if (missing.length > 0) throw problem(`Parameters: [${namesOf(missing)}] must have values`)
  for (const [name, value] of Object.entries(values)) {
    const declaration = template.parameters.get(name)
    if (declaration && !byName.get(name)?.isPending) checkValue(declaration, value, matches)
  }
  return values
}

function namesOf(named: readonly { readonly name: string }[]): string {
  return named.map(({ name }) => name).join(', ')
}

/** What `Ref` of a parameter gives. */
export function parameterValue(
  declaration: ParameterDeclaration,
  text: string,
): string | readonly string[] {
  return parameterKindOf(declaration.type)?.isList ? itemsOf(text) : text
}

function itemsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map((item) => item.trim())
}

/** The parameters that name a parameter of SSM, each with that name. */
export function storedIn(
  template: Pick<Template, 'parameters'>,
  values: Readonly<Record<string, string>>,
): readonly {
  readonly name: string
  readonly selector: string
  readonly isValue: boolean
}[] {
  return [...template.parameters.values()].flatMap(({ name, type }) => {
    const stored = parameterKindOf(type)?.stored
    const selector = values[name]
    if (!stored || selector === undefined) return []
    return [{ name, selector, isValue: stored === 'value' }]
  })
}

/** The values that must exist in the account, each with its type. */
export function lookupsOf(
  template: Template,
  values: Readonly<Record<string, string>>,
): readonly { readonly name: string; readonly type: string; readonly value: string }[] {
  return [...template.parameters.values()].flatMap((declaration) => {
    const kind = parameterKindOf(declaration.type)
    const text = values[declaration.name]
    if (kind?.lookup === undefined || text === undefined) return []
    const { lookup } = kind
    const items = kind.isList ? itemsOf(text) : [text]
    return items.map((value) => ({ name: declaration.name, type: lookup, value }))
  })
}

function checkValue(declaration: ParameterDeclaration, text: string, matches: PatternTest): void {
  const { name } = declaration
  if (text.length > templateLimits.parameterValueBytes) {
    throw problem(
      `Parameter '${name}' must not be longer than ${templateLimits.parameterValueBytes} bytes`,
    )
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    throw problem(`Parameter '${name}' holds a character that cannot be stored`)
  }
  const kind = parameterKindOf(declaration.type)
  const items = kind?.isList && !kind.stored ? itemsOf(text) : [text]
  for (const item of items) {
    const fault = faultOf(declaration, item, kind?.isNumber ?? false, matches)
    if (fault === undefined) continue
    const words = declaration.constraintDescription
    throw problem(
      words === undefined
        ? `Parameter '${name}' ${fault}`
        : `Parameter '${name}' failed to satisfy constraint: ${words}`,
    )
  }
}

function faultOf(
  declaration: ParameterDeclaration,
  item: string,
  isNumber: boolean,
  matches: PatternTest,
): string | undefined {
  const { allowedValues, allowedPattern, lengthMin, lengthMax } = declaration
  if (isNumber) {
    const fault = numberFaultOf(declaration, item)
    if (fault !== undefined) return fault
  }
  if (allowedValues && !allowedValues.includes(item)) {
    return `must be one of AllowedValues [${allowedValues.join(', ')}]`
  }
  if (allowedPattern !== undefined && !matches(allowedPattern, item)) {
    return `must match pattern ${allowedPattern}`
  }
  if (lengthMin !== undefined && item.length < lengthMin) {
    return `must contain at least ${lengthMin} characters`
  }
  if (lengthMax !== undefined && item.length > lengthMax) {
    return `must contain at most ${lengthMax} characters`
  }
  return undefined
}

function numberFaultOf(declaration: ParameterDeclaration, item: string): string | undefined {
  const number = item.trim() === '' ? Number.NaN : Number(item)
  if (!Number.isFinite(number)) return 'must be a number'
  const { valueMin, valueMax } = declaration
  if (valueMin !== undefined && number < valueMin)
    return `must be a number not less than ${valueMin}`
  if (valueMax !== undefined && number > valueMax) {
    return `must be a number not greater than ${valueMax}`
  }
  return undefined
}
