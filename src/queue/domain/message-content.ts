/** A message attribute as the engine keeps it; binary values as base64 text. */
export interface KeptAttribute {
  readonly type: string
  readonly text?: string
  readonly binary?: string
}

export type KeptAttributes = Readonly<Record<string, KeptAttribute>>

/** What XML 1.0 allows, and so SQS: everything else is refused. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

export function hasForbiddenCharacters(text: string): boolean {
  return forbidden.test(text)
}

export const forbiddenCharactersText =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF'

const groupForm = /^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/

/** MessageGroupId, MessageDeduplicationId and ReceiveRequestAttemptId: letters, digits and punctuation. */
export function isIdentifier(text: string): boolean {
  return groupForm.test(text)
}

/** Digits, hyphens and underscores, up to 80: the id of an entry of a batch. */
export function isEntryId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,80}$/.test(text)
}

export const attributesMax = 10

/** What is wrong with a message attribute, in AWS's words; undefined when it is well. */
export function attributeFault(
  name: string,
  given: {
    readonly DataType?: string | undefined
    readonly StringValue?: string | undefined
    readonly BinaryValue?: { readonly length: number } | undefined
  },
): string | undefined {
  const { DataType: type = '', StringValue: text, BinaryValue: binary } = given
  // AWS documents ASCII letters and takes those of all languages.
  if (!/^[\p{L}\p{N}_.-]{1,256}$/u.test(name) || /^\.|\.$|\.\./.test(name)) {
    return 'The message attribute name can contain the characters A-Z, a-z, 0-9, underscore, hyphen and period, must not start or end with a period or hold two in a row.'
  }
  if (/^(aws|amazon)\./i.test(name)) {
    return `Message (user) attribute name '${name}' is invalid: it starts with a reserved prefix.`
  }
  const kind = /^(String|Number|Binary)(\..{1,248})?$/.exec(type)?.[1]
  if (type === '')
    return `The message attribute '${name}' must contain a non-empty message attribute type.`
  if (!kind || type.length > 256) {
    return `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`
  }
  if (kind === 'Binary' ? !binary?.length : text === undefined || text === '') {
    return `Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`
  }
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test((text ?? '').trim())) {
    return `Can't cast the value of message (user) attribute '${name}' to a number.`
  }
  if (text !== undefined && hasForbiddenCharacters(text)) {
    return forbiddenCharactersText
  }
  return undefined
}
