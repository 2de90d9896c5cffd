import type { Dimension } from '@aws-sdk/client-cloudwatch'
import { invalidValue, missingParameter } from './errors.ts'

const dimensionsMax = 30

/** Dimensions as a map; `path` names them in errors. */
export function dimensionMap(
  list: readonly Dimension[] | undefined,
  path: string,
): Readonly<Record<string, string>> {
  const entries = (list ?? []).map(({ Name, Value }, index): [string, string] => {
    const at = `${path}.member.${index + 1}`
    if (!Name) throw missingParameter(`${at}.Name`)
    if (!Value) throw missingParameter(`${at}.Value`)
    if (Name.length > 255 || Name.startsWith(':')) {
      throw invalidValue(`The value ${Name} for parameter ${at}.Name is invalid.`)
    }
    if (Value.length > 1024) {
      throw invalidValue(`The value ${Value} for parameter ${at}.Value is invalid.`)
    }
    return [Name, Value]
  })
  if (entries.length > dimensionsMax) {
    throw invalidValue(`The collection ${path} must not have a size greater than ${dimensionsMax}.`)
  }
  const map = new Map(entries)
  if (map.size < entries.length) {
    throw invalidValue(`No two dimensions in ${path} may have the same name.`)
  }
  return Object.fromEntries(map)
}

export function dimensionList(dimensions: Readonly<Record<string, string>>): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
}
