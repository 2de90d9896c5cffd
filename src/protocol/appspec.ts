import { parseDocument } from 'yaml'

/** `appspec.yml` for Linux hosts, checked. Server and agent read it alike (fact sheet §1.8). */
export interface Appspec {
  readonly files: readonly AppspecFile[]
  readonly permissions: readonly AppspecPermission[]
  readonly hooks: Readonly<Record<string, readonly AppspecScript[]>>
  readonly fileExistsBehavior?: 'DISALLOW' | 'OVERWRITE' | 'RETAIN'
}

export interface AppspecFile {
  readonly source: string
  readonly destination: string
}

export interface AppspecPermission {
  readonly object: string
  readonly pattern: string
  readonly except: readonly string[]
  readonly type: readonly ('file' | 'directory')[]
  readonly owner?: string
  readonly group?: string
  /** Octal text, `0755` or `755`. */
  readonly mode?: string
}

export interface AppspecScript {
  readonly location: string
  readonly timeoutSeconds: number
  readonly runas?: string
}

/** What is wrong with the file, for the person who wrote it. */
export class AppspecError extends Error {
  override readonly name = 'AppspecError'
}

/** Hooks that run scripts. The other events are the platform's own. */
export const scriptHooks: readonly string[] = [
  'BeforeBlockTraffic',
  'AfterBlockTraffic',
  'ApplicationStop',
  'BeforeInstall',
  'AfterInstall',
  'ApplicationStart',
  'BeforeAllowTraffic',
  'AfterAllowTraffic',
  'ValidateService',
]

const defaultTimeoutSeconds = 3600

/** Throws an `AppspecError` that names the file and the member. */
export function parseAppspec(text: string, fileName: string): Appspec {
  const refuse = (message: string): never => {
    throw new AppspecError(`${fileName}: ${message}`)
  }
  // Every scalar stays as it was written: a mode of 0755 is not the number 493.
  const document = parseDocument(text, { uniqueKeys: true, schema: 'failsafe' })
  const [first] = document.errors
  if (first) return refuse(first.message)
  const root = asMap(document.toJS({ maxAliasCount: 50 }), 'the file', refuse)
  onlyMembers(root, ['version', 'os', 'files', 'permissions', 'hooks', 'file_exists_behavior'], {
    at: 'the file',
    refuse,
  })
  if (Number(root['version']) !== 0 || root['version'] === undefined) {
    return refuse(`version is ${show(root['version'])}; only 0.0 exists`)
  }
  if (root['os'] !== 'linux') return refuse(`os is ${show(root['os'])}; only linux is supported`)
  const behavior = fileExistsBehavior(root['file_exists_behavior'], refuse)
  return {
    files: list(root['files'], 'files', refuse).map((item, index) =>
      file(item, `files[${index}]`, refuse),
    ),
    permissions: list(root['permissions'], 'permissions', refuse).map((item, index) =>
      permission(item, `permissions[${index}]`, refuse),
    ),
    hooks: hooks(root['hooks'], refuse),
    ...(behavior && { fileExistsBehavior: behavior }),
  }
}

type Refuse = (message: string) => never

function file(item: unknown, at: string, refuse: Refuse): AppspecFile {
  const map = asMap(item, at, refuse)
  onlyMembers(map, ['source', 'destination'], { at, refuse })
  return {
    source: text(map['source'], `${at}.source`, refuse),
    destination: text(map['destination'], `${at}.destination`, refuse),
  }
}

function permission(item: unknown, at: string, refuse: Refuse): AppspecPermission {
  const map = asMap(item, at, refuse)
  for (const member of ['acls', 'context']) {
    if (member in map) refuse(`${at}.${member} is not supported`)
  }
  onlyMembers(map, ['object', 'pattern', 'except', 'type', 'owner', 'group', 'mode'], {
    at,
    refuse,
  })
  const mode = map['mode'] === undefined ? undefined : octal(map['mode'], `${at}.mode`, refuse)
  const types = list(map['type'], `${at}.type`, refuse).map((type) =>
    type === 'file' || type === 'directory'
      ? type
      : refuse(`${at}.type is ${show(type)}; file and directory exist`),
  )
  const except = list(map['except'], `${at}.except`, refuse).map((one) =>
    text(one, `${at}.except`, refuse),
  )
  return {
    object: text(map['object'], `${at}.object`, refuse),
    pattern: map['pattern'] === undefined ? '**' : text(map['pattern'], `${at}.pattern`, refuse),
    except,
    type: types.length > 0 ? types : ['file', 'directory'],
    ...(map['owner'] !== undefined && { owner: text(map['owner'], `${at}.owner`, refuse) }),
    ...(map['group'] !== undefined && { group: text(map['group'], `${at}.group`, refuse) }),
    ...(mode !== undefined && { mode }),
  }
}

function hooks(value: unknown, refuse: Refuse): Appspec['hooks'] {
  if (isNothing(value)) return {}
  const found: Record<string, readonly AppspecScript[]> = {}
  for (const [name, scripts] of Object.entries(asMap(value, 'hooks', refuse))) {
    if (!scriptHooks.includes(name)) {
      refuse(
        `hooks.${name} is not a lifecycle event with scripts; they are ${scriptHooks.join(', ')}`,
      )
    }
    found[name] = list(scripts, `hooks.${name}`, refuse).map((item, index) =>
      script(item, `hooks.${name}[${index}]`, refuse),
    )
  }
  return found
}

function script(item: unknown, at: string, refuse: Refuse): AppspecScript {
  const map = asMap(item, at, refuse)
  onlyMembers(map, ['location', 'timeout', 'runas'], { at, refuse })
  const timeout = map['timeout'] === undefined ? defaultTimeoutSeconds : Number(map['timeout'])
  if (!Number.isFinite(timeout) || timeout <= 0) {
    refuse(`${at}.timeout is ${show(map['timeout'])}; seconds above 0 are meant`)
  }
  return {
    location: text(map['location'], `${at}.location`, refuse),
    timeoutSeconds: timeout,
    ...(map['runas'] !== undefined && { runas: text(map['runas'], `${at}.runas`, refuse) }),
  }
}

function fileExistsBehavior(value: unknown, refuse: Refuse): Appspec['fileExistsBehavior'] {
  if (value === undefined) return undefined
  if (value === 'DISALLOW' || value === 'OVERWRITE' || value === 'RETAIN') return value
  return refuse(`file_exists_behavior is ${show(value)}; DISALLOW, OVERWRITE and RETAIN exist`)
}

function octal(value: unknown, at: string, refuse: Refuse): string {
  return typeof value === 'string' && /^[0-7]{3,4}$/.test(value)
    ? value
    : refuse(`${at} is ${show(value)}; three or four octal digits are meant, such as 755`)
}

function list(value: unknown, at: string, refuse: Refuse): readonly unknown[] {
  if (isNothing(value)) return []
  return Array.isArray(value) ? value : refuse(`${at} is ${show(value)}; a list is meant`)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function asMap(value: unknown, at: string, refuse: Refuse): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  return refuse(`${at} is ${show(value)}; a map is meant`)
}

function text(value: unknown, at: string, refuse: Refuse): string {
  if (typeof value === 'string' && value !== '') return value
  return refuse(`${at} is ${show(value)}; text is meant`)
}

function onlyMembers(
  map: Readonly<Record<string, unknown>>,
  known: readonly string[],
  place: { readonly at: string; readonly refuse: Refuse },
): void {
  const unknown = Object.keys(map).find((member) => !known.includes(member))
  if (unknown !== undefined) {
    place.refuse(
      `${place.at} has ${show(unknown)}, which is not known here; ${known.join(', ')} are`,
    )
  }
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value)
}
