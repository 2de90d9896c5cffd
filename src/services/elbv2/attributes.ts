import { validationError } from './errors.ts'

export interface Attribute {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** One attribute of a record: how it is shown, and the record after it was set. */
export interface AttributeRule<Record> {
  show(record: Record): string
  set(record: Record, value: string, key: string): Record
}

export type AttributeTable<Record> = Readonly<{ [key: string]: AttributeRule<Record> }>

export function listed<Record>(table: AttributeTable<Record>, record: Record): Attribute[] {
  return Object.entries(table).map(([Key, rule]) => ({ Key, Value: rule.show(record) }))
}

/** The record with the attributes that are given; one that cannot be honoured is refused by name. */
export function withAttributes<Record>(
  table: AttributeTable<Record>,
  record: Record,
  given: readonly Attribute[],
): Record {
  let changed = record
  for (const { Key = '', Value = '' } of given) {
    const rule = Object.hasOwn(table, Key) ? table[Key] : undefined
    if (rule === undefined) throw validationError(`Attribute key '${Key}' is not recognized here`)
    changed = rule.set(changed, Value, Key)
  }
  return changed
}

/** An attribute with one value here: what we do anyway. */
export function constant<Record>(only: string): AttributeRule<Record> {
  return {
    show: () => only,
    set(record, value, key) {
      if (value === only) return record
      throw validationError(
        `Attribute '${key}' is always '${only}' here; '${value}' is not supported`,
      )
    },
  }
}

export function readBoolean(key: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') {
    throw validationError(`Attribute '${key}' must be 'true' or 'false'`)
  }
  return value === 'true'
}

export function readNumber(
  key: string,
  value: string,
  [least, most]: readonly [number, number],
): number {
  const number = /^[0-9]{1,6}$/.test(value) ? Number(value) : -1
  if (number < least || number > most) {
    throw validationError(`Attribute '${key}' must be between ${least} and ${most}`)
  }
  return number
}

export function readChoice<Choice extends string>(
  key: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === value)
  if (found !== undefined) return found
  const list = choices.map((choice) => `'${choice}'`).join(', ')
  throw validationError(
    `Attribute '${key}' must be one of ${list} here; '${value}' is not supported`,
  )
}
