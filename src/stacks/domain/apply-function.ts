import { base64Of } from './base64.ts'
import { divideCidr } from './divide-cidr.ts'
import type { ConditionFunction, Environment } from './evaluate.ts'
import type { FunctionName } from './expression.ts'
import type { SourceNode } from './source-node.ts'
import { functionProblem } from './template-problem.ts'

type Apply = (operands: readonly unknown[], at: SourceNode, environment: Environment) => unknown

/** What each function makes of its operands, all of which are known. */
export const functions: Readonly<
  Record<Exclude<FunctionName, ConditionFunction | 'Fn::Select'>, Apply>
> = {
  'Fn::Join': ([delimiter, list], at, environment) => {
    if (!Array.isArray(list)) throw functionProblem('Fn::Join must be given a list of strings', at)
    const between = textFrom(delimiter, 'Fn::Join', at)
    const pieces = list.map((item) => {
      const piece = textFrom(item, 'Fn::Join', at)
      environment.spend?.(piece.length + between.length)
      return piece
    })
    return pieces.join(between)
  },
  'Fn::Split': ([delimiter, text], at) =>
    textFrom(text, 'Fn::Split', at).split(textFrom(delimiter, 'Fn::Split', at)),
  'Fn::FindInMap': ([map, key, attribute, fallback], at, environment) => {
    const [name, top, second] = [map, key, attribute].map((each) =>
      textFrom(each, 'Fn::FindInMap', at),
    )
    const value = environment.mappings
      .get(name ?? '')
      ?.get(top ?? '')
      ?.get(second ?? '')
    if (value !== undefined && value !== null) return value
    if (fallback !== undefined) return fallback
    throw functionProblem(`Unable to get mapping for ${name}::${top}::${second}`)
  },
  'Fn::Base64': ([text], at, environment) => {
    const plain = textFrom(text, 'Fn::Base64', at)
    environment.spend?.(plain.length)
    return base64Of(plain)
  },
  'Fn::GetAZs': ([region], at, environment) => {
    const name = textFrom(region, 'Fn::GetAZs', at)
    return environment.zones(name === '' ? String(environment.values.get('AWS::Region')) : name)
  },
  'Fn::Cidr': ([block, count, bits], at) => {
    const divided = divideCidr(
      textFrom(block, 'Fn::Cidr', at),
      Number(textFrom(count, 'Fn::Cidr', at)),
      bits === undefined ? 8 : Number(textFrom(bits, 'Fn::Cidr', at)),
    )
    if ('problem' in divided) throw functionProblem(`Fn::Cidr: ${divided.problem}`, at)
    return divided.blocks
  },
  'Fn::ImportValue': ([name], at, environment) =>
    environment.imported(textFrom(name, 'Fn::ImportValue', at)),
  'Fn::Length': ([list], at) => {
    if (Array.isArray(list)) return list.length
    throw functionProblem('Fn::Length must be given a list', at)
  },
  'Fn::ToJsonString': ([value], at, environment) => {
    if (typeof value === 'object' && value !== null) {
      const text = JSON.stringify(value)
      environment.spend?.(text.length)
      return text
    }
    throw functionProblem('Fn::ToJsonString must be given an object or a list', at)
  },
  'Fn::Contains': ([list, text], at) =>
    membersOf(list, 'Fn::Contains', at).includes(textFrom(text, 'Fn::Contains', at)),
  'Fn::EachMemberEquals': ([list, text], at) =>
    membersOf(list, 'Fn::EachMemberEquals', at).every(
      (member) => member === textFrom(text, 'Fn::EachMemberEquals', at),
    ),
  'Fn::EachMemberIn': ([list, within], at) => {
    const allowed = membersOf(within, 'Fn::EachMemberIn', at)
    return membersOf(list, 'Fn::EachMemberIn', at).every((member) => allowed.includes(member))
  },
}

function membersOf(list: unknown, name: string, at: SourceNode): readonly string[] {
  if (Array.isArray(list)) return list.map((member) => textFrom(member, name, at))
  throw functionProblem(`${name} must be given a list of strings`, at)
}

/** A value as text. Throws a `TemplateProblem` for a list or an object. */
export function textFrom(value: unknown, name: string, at: SourceNode): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  // A list parameter in Fn::Sub reads as AWS shows it: its items with commas.
  if (name === 'Fn::Sub' && Array.isArray(value))
    return value.map((item) => textFrom(item, name, at)).join(',')
  throw functionProblem(`${name} does not resolve to a string`, at)
}
