import type { Filter } from '@aws-sdk/client-secrets-manager'
import { invalidParameter } from './errors.ts'
import type { Secret } from './secret.ts'

type Words = (secret: Secret) => readonly string[]

const name: Words = (secret) => [secret.name]
const description: Words = (secret) => [secret.description ?? '']
const tagKeys: Words = (secret) => secret.tags.map((tag) => tag.Key)
const tagValues: Words = (secret) => secret.tags.map((tag) => tag.Value)

/** How a filter matches, by its key: names and tags by their beginning as they are written, descriptions and `all` in any case. */
const keys: Readonly<Record<string, { readonly words: Words; readonly anyCase: boolean }>> = {
  name: { words: name, anyCase: false },
  description: { words: description, anyCase: true },
  'tag-key': { words: tagKeys, anyCase: false },
  'tag-value': { words: tagValues, anyCase: false },
  all: {
    words: (secret) => [name, description, tagKeys, tagValues].flatMap((words) => words(secret)),
    anyCase: true,
  },
}

/** The secrets that every filter lets through: one of its values begins one of the words; `!` turns a value around. */
export function filteredSecrets(
  all: readonly Secret[],
  filters: readonly Filter[],
): readonly Secret[] {
  const tests = filters.map(({ Key = '', Values = [] }) => {
    const rule = Object.hasOwn(keys, Key) ? keys[Key] : undefined
    if (!rule) throw invalidParameter(`The filter key ${Key} is not supported here.`)
    return (secret: Secret) => Values.some((value) => isMet(rule, secret, value))
  })
  return all.filter((secret) => tests.every((test) => test(secret)))
}

function isMet(
  { words, anyCase }: { readonly words: Words; readonly anyCase: boolean },
  secret: Secret,
  value: string,
): boolean {
  const isNegated = value.startsWith('!')
  const plain = (text: string) => (anyCase ? text.toLowerCase() : text)
  const wanted = plain(isNegated ? value.slice(1) : value)
  const begins = words(secret).some((text) =>
    anyCase
      ? plain(text)
          .split(/[\s/_=.@-]+/)
          .concat(plain(text))
          .some((word) => word.startsWith(wanted))
      : text.startsWith(wanted),
  )
  return begins !== isNegated
}
