import type { Random } from '../../kernel/random.ts'
import { invalidParameter } from './errors.ts'

export interface PasswordWish {
  readonly PasswordLength?: number | undefined
  readonly ExcludeCharacters?: string | undefined
  readonly ExcludeNumbers?: boolean | undefined
  readonly ExcludePunctuation?: boolean | undefined
  readonly ExcludeUppercase?: boolean | undefined
  readonly ExcludeLowercase?: boolean | undefined
  readonly IncludeSpace?: boolean | undefined
  readonly RequireEachIncludedType?: boolean | undefined
}

const lengthMax = 4096
const lengthUsual = 32

/** AWS's characters and defaults: 32 of them, at least one of each kind. */
export function randomPassword(random: Random, wish: PasswordWish): string {
  const length = wish.PasswordLength ?? lengthUsual
  if (length < 1 || length > lengthMax) {
    throw invalidParameter(`PasswordLength must be between 1 and ${lengthMax}.`)
  }
  const excluded = new Set(wish.ExcludeCharacters ?? '')
  const kinds = [
    wish.ExcludeLowercase === true ? '' : 'abcdefghijklmnopqrstuvwxyz',
    wish.ExcludeUppercase === true ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    wish.ExcludeNumbers === true ? '' : '0123456789',
    wish.ExcludePunctuation === true ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    wish.IncludeSpace === true ? ' ' : '',
  ].map((kind) => kind.split('').filter((character) => !excluded.has(character)))
  const included = kinds.filter((kind) => kind.length > 0)
  const all = included.flat()
  if (all.length === 0) throw invalidParameter('No characters are left to make a password of.')
  const eachOnce = wish.RequireEachIncludedType ?? true
  if (eachOnce && included.length > length) {
    throw invalidParameter('The password is too short for one character of each included type.')
  }
  const draw = (from: readonly string[]): string => from[random.below(from.length)] ?? ''
  const first = eachOnce ? included.map(draw) : []
  const rest = Array.from({ length: length - first.length }, () => draw(all))
  return shuffled(random, [...first, ...rest]).join('')
}

function shuffled(random: Random, characters: readonly string[]): readonly string[] {
  const order = [...characters]
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1)
    const held = order[at] ?? ''
    order[at] = order[other] ?? ''
    order[other] = held
  }
  return order
}
