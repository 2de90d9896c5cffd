import { invalidArgument } from './errors.ts'

const keysMax = 1000

/** At most 1000, as S3 has it. */
export function itemsMaxOf(value: number | undefined, argument = 'maxKeys'): number {
  if (value === undefined) return keysMax
  if (value < 0) {
    const message = `Argument ${argument} must be an integer between 0 and 2147483647`
    throw invalidArgument(argument, String(value), message)
  }
  return Math.min(value, keysMax)
}

/** How names are written: as they are, or URL-encoded for clients whose XML could not hold every character. */
export function nameEncoder(encodingType: string | undefined): (name: string) => string {
  if (encodingType === undefined) return (name) => name
  if (encodingType !== 'url') {
    throw invalidArgument(
      'encoding-type',
      encodingType,
      'Invalid Encoding Method specified in Request',
    )
  }
  return (name) =>
    encodeURIComponent(name)
      .replaceAll('%2F', '/')
      .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
