import { parseArgs } from 'node:util'
import { ToolFailure } from './machine-context.ts'

/** Options that all tools of CloudFormation have. */
const shared = {
  stack: { type: 'string', short: 's' },
  resource: { type: 'string', short: 'r' },
  region: { type: 'string' },
  url: { type: 'string', short: 'u' },
  'access-key': { type: 'string' },
  'secret-key': { type: 'string' },
  'credential-file': { type: 'string', short: 'f' },
  role: { type: 'string' },
  verbose: { type: 'boolean', short: 'v' },
} as const

export interface ToolOptions {
  /** Of an option that was given; the last one counts. */
  value(name: string): string | undefined
  has(name: string): boolean
  readonly words: readonly string[]
}

type Known = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>
>

/** Reads a tool's words. `own` are its own options; the short forms of shared ones give way. Throws a `ToolFailure` that names what is not known. */
export function toolOptions(words: readonly string[], own: Known = {}): ToolOptions {
  const taken = new Set(Object.values(own).map(({ short }) => short))
  const rest = Object.entries(shared).map(([name, option]) => {
    const { type } = option
    const short = 'short' in option && !taken.has(option.short) ? { short: option.short } : {}
    return [name, { type, ...short }] as const
  })
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...Object.fromEntries(rest), ...own },
      allowPositionals: true,
    })
    return {
      value: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
      has: (name) => values[name] === true,
      words: positionals,
    }
  } catch (thrown) {
    throw new ToolFailure(thrown instanceof Error ? thrown.message : String(thrown))
  }
}
