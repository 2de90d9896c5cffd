import { nestingMax } from './limits.ts'
import { Malformed } from './malformed.ts'

/** What one decoding carries along: how deep it is, and how many members it met that the model does not know. */
export class Decoding {
  unknownMembers = 0
  #depth = 0

  enter(): void {
    this.#depth += 1
    if (this.#depth > nestingMax) throw new Malformed(`nested deeper than ${nestingMax} levels`)
  }

  leave(): void {
    this.#depth -= 1
  }
}

/** A map with keys of the caller's choice: `__proto__` and `constructor` are keys like others. */
export function emptyMap<Value = unknown>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>
}

/** A number as text: decimal, or one of the three names. No two parts of the pattern can take the same digit: texts may be long. */
export function readNumber(text: string): number {
  const trimmed = text.trim()
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed)
  if (trimmed === 'NaN' || trimmed === 'Infinity' || trimmed === '-Infinity') return Number(trimmed)
  throw new Malformed(`"${text.slice(0, 40)}" is not a number`)
}

export function readBoolean(text: string): boolean {
  const trimmed = text.trim()
  if (trimmed === 'true' || trimmed === 'True' || trimmed === '1') return true
  if (trimmed === 'false' || trimmed === 'False' || trimmed === '0') return false
  throw new Malformed(`"${text.slice(0, 40)}" is not true or false`)
}

const base64Text = /^[A-Za-z0-9+/_-]*={0,2}$/

export function readBase64(text: string): Buffer {
  const packed = /\s/.test(text) ? text.replace(/\s+/g, '') : text
  if (!base64Text.test(packed)) throw new Malformed('a blob is not base64')
  return Buffer.from(packed, 'base64')
}
