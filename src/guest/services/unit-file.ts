/** What a unit file says, as far as it is done here. */
export interface Unit {
  readonly kind: 'simple' | 'forking' | 'oneshot'
  readonly before: readonly string[]
  readonly start: readonly string[]
  readonly reload: readonly string[]
  readonly stop: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** A leading `-`: it may be absent. */
  readonly environmentFiles: readonly string[]
  readonly workingDirectory?: string
  readonly user?: string
  readonly pidFile?: string
  readonly remainsAfterExit: boolean
}

/** Reads systemd's ini form; a list that is assigned nothing starts anew. */
export function readUnit(text: string): Unit {
  const values = new Map<string, string[]>()
  let section = ''
  for (const line of text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((each) => each.trim())) {
    const [, name] = /^\[(.+)\]$/.exec(line) ?? []
    if (name !== undefined) section = name
    const equals = line.indexOf('=')
    if (section !== 'Service' || equals < 1 || line.startsWith('#') || line.startsWith(';'))
      continue
    const key = line.slice(0, equals).trim()
    const value = line.slice(equals + 1).trim()
    values.set(key, value === '' ? [] : [...(values.get(key) ?? []), value])
  }
  const all = (key: string): readonly string[] => values.get(key) ?? []
  const last = (key: string): string | undefined => all(key).at(-1)
  const type = last('Type')
  const [workingDirectory, user, pidFile] = [
    last('WorkingDirectory'),
    last('User'),
    last('PIDFile'),
  ]
  return {
    kind: type === 'forking' || type === 'oneshot' ? type : 'simple',
    before: all('ExecStartPre'),
    start: all('ExecStart'),
    reload: all('ExecReload'),
    stop: all('ExecStop'),
    environment: Object.fromEntries(all('Environment').flatMap(assignmentsOf)),
    environmentFiles: all('EnvironmentFile'),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(user === undefined ? {} : { user }),
    ...(pidFile === undefined ? {} : { pidFile }),
    remainsAfterExit: /^(yes|true|1|on)$/i.test(last('RemainAfterExit') ?? ''),
  }
}

/** `A=1 "B=two words"` */
function assignmentsOf(text: string): readonly (readonly [string, string])[] {
  return wordsOf(text).map((word) => {
    const equals = word.indexOf('=')
    return [word.slice(0, Math.max(equals, 0)), word.slice(equals + 1)] as const
  })
}

/** The words of a command line, with quotes taken off. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  for (const [, double, single, plain] of text.matchAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.|["'](?=\S))+)/g,
  )) {
    words.push(
      double?.replaceAll(/\\(.)/g, '$1') ?? single ?? (plain ?? '').replaceAll(/\\(.)/g, '$1'),
    )
  }
  return words
}

/** The program of an Exec line: `-` before it lets it fail, `@`, `:`, `+` and `!` say how it is started. */
export function commandOf(
  line: string,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly words: readonly string[]; readonly mayFail: boolean } {
  const [, sigils = '', rest = ''] = /^([-@:+!]*)(.*)$/s.exec(line) ?? []
  const words = wordsOf(rest).flatMap((word) => {
    const [, whole] = /^\$([A-Za-z_]\w*)$/.exec(word) ?? []
    if (whole !== undefined) return wordsOf(environment[whole] ?? '')
    return [word.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => environment[name] ?? '')]
  })
  return { words, mayFail: sigils.includes('-') }
}
