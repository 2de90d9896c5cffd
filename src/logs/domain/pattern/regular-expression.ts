import { invalidCharacters, invalidPattern } from './pattern-fault.ts'

/** Whether it is found anywhere in the text. */
export type Finder = (text: string) => boolean

type Step =
  | { readonly kind: 'take'; takes(code: number): boolean }
  | { readonly kind: 'split'; to: readonly number[] }
  | { readonly kind: 'start' | 'end' | 'done' }

/** Enough for a dozen counted classes; a longer one costs every event its length. */
const stepsMax = 1000
const countMax = 100

/** CloudWatch Logs knows no groups, so that a branch is a row of characters and classes, each with at most one repetition. */
const atom =
  /\^|\$|(?:\\x[0-9A-Fa-f]{2}|\\.|\[\^?(?:\\.|[^\]\\])+\]|[A-Za-z0-9:_#=@/;,.-])(?:[?*+]|\{\d+(?:,\d*)?\})?/y

/**
 * A regular expression of a filter pattern. It takes time in proportion to expression × text: the engine of JavaScript would take for ever
 * on some expressions that a caller may send.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compileExpression(source: string): Finder {
  if (source === '') throw invalidPattern('a regular expression is empty')
  const foreign = /[^A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.]+/.exec(source.replace(/\\./g, ''))
  if (foreign) throw invalidCharacters(foreign[0])
  const steps: Step[] = []
  const entry = { kind: 'split' as const, to: [] as number[] }
  steps.push(entry)
  for (const branch of branchesOf(source)) {
    entry.to.push(steps.length)
    addBranch(steps, branch)
    steps.push({ kind: 'done' })
  }
  if (steps.length > stepsMax) throw invalidPattern('a regular expression is too long')
  return (text) => finds(steps, text)
}

/** Cut at each `|` that is neither escaped nor in a class. */
function branchesOf(source: string): readonly string[] {
  const pieces = source.match(/\\.|\[(?:\\.|[^\]\\])*\]|[\s\S]/g) ?? []
  const branches = ['']
  for (const piece of pieces) {
    if (piece === '|') branches.push('')
    else branches[branches.length - 1] += piece
  }
  return branches
}

function addBranch(steps: Step[], branch: string): void {
  let at = 0
  while (at < branch.length) {
    atom.lastIndex = at
    const piece = atom.exec(branch)?.[0]
    if (piece === undefined) {
      throw invalidPattern(`the regular expression %${branch}% cannot be read`)
    }
    at += piece.length
    if (piece === '^') steps.push({ kind: 'start' })
    else if (piece === '$') steps.push({ kind: 'end' })
    else addRepeated(steps, piece)
    if (steps.length > stepsMax) throw invalidPattern('a regular expression is too long')
  }
}

function addRepeated(steps: Step[], piece: string): void {
  const suffix = /(?<=.)(?:[?*+]|\{\d+(?:,\d*)?\})$/.exec(isBare(piece) ? '' : piece)?.[0] ?? ''
  const takes = takerOf(piece.slice(0, piece.length - suffix.length))
  const { least, most } = countOf(suffix)
  if (least > countMax || (most !== undefined && (most > countMax || most < least))) {
    throw invalidPattern(`the repetition ${suffix} is not valid`)
  }
  for (let n = 0; n < least; n++) steps.push({ kind: 'take', takes })
  if (most === undefined) {
    const here = steps.length
    steps.push({ kind: 'split', to: [here + 1, here + 3] })
    steps.push({ kind: 'take', takes }, { kind: 'split', to: [here] })
    return
  }
  const end = steps.length + 2 * (most - least)
  for (let n = least; n < most; n++) {
    steps.push({ kind: 'split', to: [steps.length + 1, end] }, { kind: 'take', takes })
  }
}

/** An escaped sign alone is no repetition: `\*`. */
function isBare(piece: string): boolean {
  return /^\\[^x]$/.test(piece)
}

function countOf(suffix: string): { least: number; most: number | undefined } {
  if (suffix === '') return { least: 1, most: 1 }
  if (suffix === '?') return { least: 0, most: 1 }
  if (suffix === '*') return { least: 0, most: undefined }
  if (suffix === '+') return { least: 1, most: undefined }
  const [, least = '', comma = '', most = ''] = /^\{(\d+)(,?)(\d*)\}$/.exec(suffix) ?? []
  if (comma === '') return { least: Number(least), most: Number(least) }
  return { least: Number(least), most: most === '' ? undefined : Number(most) }
}

type Taker = (code: number) => boolean

const classes: Readonly<Record<string, RegExp>> = {
  d: /\d/,
  D: /\D/,
  w: /\w/,
  W: /\W/,
  s: /\s/,
  S: /\S/,
}
const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' }

function takerOf(piece: string): Taker {
  if (piece === '.') return () => true
  if (piece.startsWith('[')) return classTaker(piece.slice(1, -1))
  return oneTaker(piece)
}

/** A character, or an escape. */
function oneTaker(piece: string): Taker {
  const named = piece.startsWith('\\') ? classes[piece[1] ?? ''] : undefined
  if (named) return (code) => named.test(String.fromCharCode(code))
  const wanted = codeOf(piece)
  return (code) => code === wanted
}

function codeOf(piece: string): number {
  if (!piece.startsWith('\\')) return piece.charCodeAt(0)
  if (piece.length === 4) return Number.parseInt(piece.slice(2), 16)
  return (controls[piece[1] ?? ''] ?? piece[1] ?? '').charCodeAt(0)
}

function classTaker(inner: string): Taker {
  const isInverse = inner.startsWith('^')
  const pieces = (isInverse ? inner.slice(1) : inner).match(/\\x[0-9A-Fa-f]{2}|\\.|[\s\S]/g) ?? []
  const takers: Taker[] = []
  for (let n = 0; n < pieces.length; n++) {
    const piece = pieces[n] ?? ''
    const last = pieces[n + 2]
    const isRange = pieces[n + 1] === '-' && last !== undefined
    if (isRange) {
      const [from, to] = [codeOf(piece), codeOf(last)]
      if (to < from) throw invalidPattern(`the range ${piece}-${last} is out of order`)
      takers.push((code) => code >= from && code <= to)
      n += 2
    } else takers.push(oneTaker(piece))
  }
  return (code) => takers.some((takes) => takes(code)) !== isInverse
}

/** All ways at once: each step is visited at most once for a character. */
function finds(steps: readonly Step[], text: string): boolean {
  const marks = new Int32Array(steps.length).fill(-1)
  let current: number[] = []
  for (let at = 0; at <= text.length; at++) {
    const entered: number[] = []
    const waiting = [0, ...current].toReversed()
    for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
      if (marks[step] === at) continue
      marks[step] = at
      const one = steps[step]
      if (one?.kind === 'done') return true
      if (one?.kind === 'split') waiting.push(...one.to)
      else if (one?.kind === 'start' && at === 0) waiting.push(step + 1)
      else if (one?.kind === 'end' && at === text.length) waiting.push(step + 1)
      else if (one?.kind === 'take') entered.push(step)
    }
    if (at === text.length) return false
    const code = text.charCodeAt(at)
    current = []
    for (const step of entered) {
      const one = steps[step]
      if (one?.kind === 'take' && one.takes(code)) current.push(step + 1)
    }
  }
  return false
}
