import { openAdmin, type Admin } from '../admin.ts'
import { UsageError, type Command } from '../command.ts'

interface TypePage {
  readonly TypeSummaries: readonly { readonly TypeName: string }[]
  readonly NextToken?: string
}

/** The members of a type's schema that are shown. */
interface TypeSchema {
  readonly properties: Readonly<Record<string, unknown>>
  readonly required: readonly string[]
  readonly readOnlyProperties: readonly string[]
  readonly createOnlyProperties: readonly string[]
  /** Absent: Cloud Control refuses the type. */
  readonly primaryIdentifier?: readonly string[]
}

export const stacks: Command = {
  name: 'stacks',
  summary: 'show which resource types templates may have, with their properties',
  usage: 'types [PREFIX]',
  flags: {},
  async run(call) {
    const [what, prefix = ''] = call.positionals
    if (what !== 'types') throw new UsageError('evenkeel stacks types [PREFIX]')
    const admin = openAdmin(call)
    const names = await typeNames(admin, prefix)
    const shown = await Promise.all(names.map((name) => describe(admin, name)))
    if (call.switched('json')) {
      process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`)
      return 0
    }
    for (const type of shown) process.stdout.write(`${textOf(type)}\n`)
    return 0
  },
}

async function typeNames(admin: Admin, prefix: string): Promise<readonly string[]> {
  const names: string[] = []
  let token: string | undefined
  do {
    const page: TypePage = await admin.call('cloudformation', 'ListTypes', {
      ...{ Visibility: 'PUBLIC', Type: 'RESOURCE', Filters: { TypeNamePrefix: prefix } },
      ...(token === undefined ? {} : { NextToken: token }),
    })
    names.push(...page.TypeSummaries.map(({ TypeName }) => TypeName))
    token = page.NextToken
  } while (token !== undefined)
  return names
}

interface ShownType {
  readonly name: string
  readonly properties: readonly string[]
  readonly required: readonly string[]
  readonly replacedBy: readonly string[]
  readonly attributes: readonly string[]
  /** What Cloud Control knows its resources by. */
  readonly identifier?: string
}

async function describe(admin: Admin, name: string): Promise<ShownType> {
  const input = { Type: 'RESOURCE', TypeName: name }
  const { Schema } = await admin.call<{ Schema: string }>('cloudformation', 'DescribeType', input)
  const schema = JSON.parse(Schema) as TypeSchema
  const named = (paths: readonly string[]): string[] =>
    paths.map((path) => path.slice('/properties/'.length))
  const attributes = named(schema.readOnlyProperties)
  const [identifier] = named(schema.primaryIdentifier ?? [])
  return {
    ...(identifier === undefined ? {} : { identifier }),
    name,
    properties: Object.keys(schema.properties).filter((each) => !attributes.includes(each)),
    required: schema.required,
    replacedBy: named(schema.createOnlyProperties),
    attributes,
  }
}

/** `+` stands after what is required, `*` after what makes a new resource when it changes. */
function textOf(type: ShownType): string {
  const marked = type.properties.map(
    (name) =>
      `${name}${type.required.includes(name) ? '+' : ''}${type.replacedBy.includes(name) ? '*' : ''}`,
  )
  const attributes = type.attributes.length === 0 ? '' : `\n  GetAtt: ${type.attributes.join(' ')}`
  const control = type.identifier === undefined ? '' : `\n  Cloud Control: ${type.identifier}`
  return `${type.name}\n  ${marked.join(' ')}${attributes}${control}`
}
