import { parseArgs } from 'node:util'

/** One command of the program. */
export interface Command {
  readonly name: string
  /** One line for `evenkeel help`. */
  readonly summary: string
  /** What follows the name: `TEMPLATE [--stack-name NAME]`. */
  readonly usage: string
  readonly flags: Readonly<Record<string, Flag>>
  /** Resolves to the exit code. */
  run(call: CommandCall): Promise<number>
}

export interface Flag {
  readonly kind: 'text' | 'switch' | 'list'
  readonly help: string
  /** Shown in help; the command itself applies it. */
  readonly standard?: string
}

export interface CommandCall {
  readonly positionals: readonly string[]
  /** Everything after a lone `--`. */
  readonly rest: readonly string[]
  text(flag: string): string | undefined
  switched(flag: string): boolean
  list(flag: string): readonly string[]
}

/** A mistake in how the program was called; its message is shown without a stack. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Something asked for did not happen; the message says what and what to try. Exit code 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
}

/** Flags that every command has. */
const commonFlags: Readonly<Record<string, Flag>> = {
  'data-dir': { kind: 'text', help: 'where the installation lives', standard: '.evenkeel' },
  json: { kind: 'switch', help: 'print JSON for programs' },
  help: { kind: 'switch', help: 'show this help' },
}

/** Flags beat `EVENKEEL_<FLAG>` variables; the command applies its defaults after both. */
export function parseCall(
  command: Command,
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandCall {
  const end = words.indexOf('--')
  const before = end < 0 ? words : words.slice(0, end)
  const flags = { ...command.flags, ...commonFlags }
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      {
        type: flag.kind === 'switch' ? 'boolean' : 'string',
        multiple: flag.kind === 'list',
      } as const,
    ]),
  )
  let parsed: { values: Record<string, unknown>; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...before], options, allowPositionals: true, strict: true })
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    // Node goes on about words that begin with a dash, which no command takes.
    const [first = message] = message.split('. To specify a positional argument')
    throw new UsageError(`${first}; 'evenkeel ${command.name} --help' lists what there is`)
  }
  const fromEnvironment = (flag: string): string | undefined =>
    environment[`EVENKEEL_${flag.toUpperCase().replaceAll('-', '_')}`]
  return {
    positionals: parsed.positionals,
    rest: end < 0 ? [] : words.slice(end + 1),
    text: (flag) => (parsed.values[flag] as string | undefined) ?? fromEnvironment(flag),
    switched: (flag) =>
      (parsed.values[flag] as boolean | undefined) ?? isTrue(fromEnvironment(flag)),
    list: (flag) => (parsed.values[flag] as string[] | undefined) ?? [],
  }
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && !['', '0', 'false', 'off', 'no'].includes(text.toLowerCase())
}

/** The help text of one command. */
export function helpOf(command: Command): string {
  const flags = { ...command.flags, ...commonFlags }
  const width = Math.max(...Object.keys(flags).map((name) => name.length)) + 4
  const lines = Object.entries(flags).map(([name, flag]) => {
    const standard = flag.standard === undefined ? '' : ` (default ${flag.standard})`
    return `  ${`--${name}`.padEnd(width)}${flag.help}${standard}`
  })
  return [`evenkeel ${command.name} ${command.usage}`, '', command.summary, '', ...lines, ''].join(
    '\n',
  )
}
