/** The path of the first number that is not a whole one, `MinCount`; undefined when all are. Streams and bytes are passed over. */
export function firstFraction(input: unknown): string | undefined {
  return fractionIn(input, '')
}

function fractionIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? undefined : path
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = fractionIn(item, `${path}[${index}]`)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!isPlain(value)) return undefined
  for (const [member, inner] of Object.entries(value)) {
    const found = fractionIn(inner, path === '' ? member : `${path}.${member}`)
    if (found !== undefined) return found
  }
  return undefined
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
