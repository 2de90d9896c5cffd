import { ToolFailure } from '../machine-context.ts'

/** One config of AWS::CloudFormation::Init, as the template has it. */
export type Config = Readonly<Record<string, unknown>>

/** A name and what stands there: the form of all of Init's sections. */
export type Section = Readonly<Record<string, unknown>>

export function sectionOf(value: unknown, name: string): Section {
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Section
  throw new ToolFailure(`${name} is not a map`)
}

/** Sets nest; deeper than this they mean themselves. */
const depthMax = 20

/** The names of configs to apply, in order. `asked` are config sets; without sets, the one config. Throws a `ToolFailure` naming what is missing. */
export function configsOf(init: Section, asked: readonly string[]): readonly string[] {
  const sets = init['configSets']
  if (sets === undefined) {
    if (asked.some((name) => name !== 'default')) {
      throw new ToolFailure(`there are no config sets, but ${asked.join(', ')} was asked for`)
    }
    if (!Object.hasOwn(init, 'config'))
      throw new ToolFailure('there is no config, and no config set')
    return ['config']
  }
  return asked.flatMap((name) => expanded(init, sectionOf(sets, 'configSets'), name, 0))
}

function expanded(init: Section, sets: Section, name: string, depth: number): readonly string[] {
  if (depth > depthMax) throw new ToolFailure(`config set ${name} contains itself`)
  if (!Object.hasOwn(sets, name)) throw new ToolFailure(`there is no config set ${name}`)
  const members = sets[name]
  return (Array.isArray(members) ? (members as unknown[]) : [members]).flatMap((member) => {
    const nested = nestedSet(member)
    if (nested !== undefined) return expanded(init, sets, nested, depth + 1)
    if (typeof member === 'string' && Object.hasOwn(init, member)) return [member]
    throw new ToolFailure(
      `config set ${name} names ${JSON.stringify(member)}, which does not exist`,
    )
  })
}

function nestedSet(member: unknown): string | undefined {
  if (typeof member !== 'object' || member === null || !('ConfigSet' in member)) return undefined
  return typeof member.ConfigSet === 'string' ? member.ConfigSet : undefined
}

/** Templates write truth as `true` and as `"true"`. */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(true|yes|1)$/i.test(value))
}

/** A scalar as the shell would see it. */
export function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

export function listOf(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return []
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map(scalarText)
}
