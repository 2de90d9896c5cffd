import { readPolicy, type PolicyPurpose } from '../../identity/domain/policy-document.ts'
import type { Tag } from '../../kernel/tags.ts'
import { invalidInput, malformedPolicy, validationError } from './errors.ts'

/** A name of letters, digits and `+=,.@_-`. */
export function checkName(member: string, name: string | undefined, lengthMax: number): string {
  if (!name || name.length > lengthMax || !/^[\w+=,.@-]+$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name ?? ''}' at '${member}' failed to satisfy constraint: between 1 and ` +
        `${lengthMax} of the characters [\\w+=,.@-]`,
    )
  }
  return name
}

export function checkPath(path: string | undefined): string {
  if (path === undefined) return '/'
  if (path.length > 512 || !/^(\/|\/[!-~]+\/)$/.test(path)) {
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    )
  }
  return path
}

/** The document as it is kept: as given. */
export function checkPolicy(document: string | undefined, purpose: PolicyPurpose): string {
  const text = document ?? ''
  if (text.length > 131_072) throw malformedPolicy('The policy document is too long.')
  const reading = readPolicy(text, purpose)
  if (!reading.ok) throw malformedPolicy(reading.reason)
  return text
}

export function checkTags(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): readonly Tag[] {
  const checked = (tags ?? []).map(({ Key = '', Value = '' }) => {
    if (Key === '' || Key.length > 128)
      throw invalidInput('A tag key has between 1 and 128 characters')
    if (Key.toLowerCase().startsWith('aws:'))
      throw invalidInput('Tag keys must not start with aws:')
    return { Key, Value }
  })
  if (new Set(checked.map((tag) => tag.Key)).size < checked.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  return checked
}

export function checkMaxSession(seconds: number | undefined): number {
  const value = seconds ?? 3600
  if (!Number.isInteger(value) || value < 3600 || value > 43_200) {
    throw validationError('MaxSessionDuration must be between 3600 and 43200 seconds')
  }
  return value
}

/** Documents travel percent-encoded in answers. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document)
}
