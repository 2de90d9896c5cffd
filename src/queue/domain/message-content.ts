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
  if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name) || /^\.|\.$|\.\./.test(name)) {
    return 'The message attribute name can contain the characters A-Z, a-z, 0-9, underscore, hyphen and period, must not start or end with a period or hold two in a row.'
  }
  if (/^(aws|amazon)\./i.test(name)) {
    return `Message (user) attribute name '${name}' is invalid: it starts with a reserved prefix.`
  }
  const kind = /^(String|Number|Binary)(\..{1,248})?$/.exec(type)?.[1]
  if (type === '')
    return `The message attribute '${name}' must contain a non-empty message attribute type.`
  if (!kind || type.length > 256) {
    return `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`
  }
  if (kind === 'Binary' ? !binary?.length : text === undefined || text === '') {
    return `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${kind}'.`
  }
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test((text ?? '').trim())) {
    return `Can't cast the value of message (user) attribute '${name}' to a number.`
  }
  if (text !== undefined && hasForbiddenCharacters(text)) {
    return `The message attribute '${name}' holds characters that are not allowed.`
  }
  return undefined
}
