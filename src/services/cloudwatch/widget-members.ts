import { invalidWidget } from './errors.ts'

export type Structure = Readonly<Record<string, unknown>>

/** Reads members of a widget's JSON, and says by its path what is not as it should be. */
export class Members {
  readonly path: string
  readonly #value: Structure

  /** Members that are not among `known` are refused by name. */
  constructor(value: unknown, path: string, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalidWidget(path, 'should be object')
    }
    this.path = path
    this.#value = value as Structure
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) throw invalidWidget(`${path}/${name}`, 'is not supported here')
    }
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined && this.#value[name] !== null
  }

  raw(name: string): unknown {
    return this.#value[name]
  }

  text(name: string): string | undefined {
    return this.#typed(name, 'string', (value): value is string => typeof value === 'string')
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, 'boolean', (value): value is boolean => typeof value === 'boolean')
  }

  number(name: string): number | undefined {
    const isNumber = (value: unknown): value is number =>
      typeof value === 'number' && Number.isFinite(value)
    return this.#typed(name, 'number', isNumber)
  }

  list(name: string): readonly unknown[] {
    const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
    return this.#typed(name, 'array', isList) ?? []
  }

  whole(name: string, [least, most]: readonly [number, number]): number | undefined {
    const value = this.number(name)
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) {
      return value
    }
    throw invalidWidget(`${this.path}/${name}`, `should be integer from ${least} to ${most}`)
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const found = allowed.find((each) => each === value)
    if (found !== undefined) return found
    throw invalidWidget(`${this.path}/${name}`, `should be one of ${allowed.join(', ')}`)
  }

  #typed<T>(name: string, kind: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.#value[name]
    if (value === undefined || value === null) return undefined
    if (is(value)) return value
    throw invalidWidget(`${this.path}/${name}`, `should be ${kind}`)
  }
}
