import { invalidParameter } from './errors.ts'

/** What EC2 lets names and descriptions of security groups consist of. */
const letters = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/

export function groupNameOf(name: string): string {
  if (/^sg-/i.test(name)) {
    throw invalidParameter(
      `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
    )
  }
  if (name === 'default') {
    throw invalidParameter(`Cannot use reserved security group name: ${name}`)
  }
  if (!letters.test(name)) {
    throw invalidParameter(`Value (${name}) for parameter GroupName is invalid. ${wordsOfLetters}`)
  }
  return name
}

export function groupDescriptionOf(description: string): string {
  if (letters.test(description)) return description
  throw invalidParameter(
    `Value (${description}) for parameter GroupDescription is invalid. ${wordsOfLetters}`,
  )
}

const wordsOfLetters =
  'It must have at most 255 characters from the set a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*'
