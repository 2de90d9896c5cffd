import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { join, resolve } from 'node:path'
import { readInstallation } from './admin.ts'
import { CommandFailure, UsageError, type CommandCall, type Flag } from './command.ts'

/** The flags of `up` and `start`. */
export const upFlags: Readonly<Record<string, Flag>> = {
  port: {
    kind: 'text',
    help: 'the AWS endpoint, on 127.0.0.1; 0 takes any free one',
    standard: '4566',
  },
  'site-port': { kind: 'text', help: 'the websites', standard: 'port + 1' },
  driver: { kind: 'text', help: 'auto, namespaces or process', standard: 'auto' },
  'data-plane': {
    kind: 'text',
    help: 'what carries requests to balancers: builtin, haproxy, or auto (builtin)',
    standard: 'auto',
  },
  'access-log-seconds': {
    kind: 'text',
    help: "between two files of a balancer's access log, as AWS has five minutes",
    standard: '300',
  },
  auth: { kind: 'text', help: 'on or off: whether signatures are checked', standard: 'on' },
  'github-url': {
    kind: 'text',
    help: 'where agents fetch the archives of commits, for a mirror: URL/repos/OWNER/NAME/tarball/COMMIT',
    standard: 'https://api.github.com',
  },
  'mail-relay': {
    kind: 'text',
    help: 'where mail of topics goes: smtp://HOST:PORT or smtps://HOST:PORT',
    standard: 'files in DATA-DIR/mail',
  },
  'mail-credentials': { kind: 'text', help: 'a file with USER:PASSWORD for the mail relay' },
  'mail-from': {
    kind: 'text',
    help: "the sender's address of mail",
    standard: 'no-reply@sns.evenkeel.internal',
  },
  region: { kind: 'text', help: 'the region of calls that name none', standard: 'us-east-1' },
  account: { kind: 'text', help: 'the account id, 12 digits', standard: '000000000000' },
  'strict-images': { kind: 'switch', help: 'refuse AMI ids that do not exist here' },
  compute: { kind: 'text', help: 'real (machines run)', standard: 'real' },
  fresh: { kind: 'switch', help: 'start from nothing: removes the data directory first' },
  detach: { kind: 'switch', help: 'return when it is ready' },
}

const serverProgram = new URL('../server/main.ts', import.meta.url).pathname

function choice(
  call: CommandCall,
  flag: string,
  values: readonly string[],
  standard: string,
): string {
  const value = call.text(flag) ?? standard
  if (!values.includes(value)) {
    throw new UsageError(`--${flag} is ${values.join(' or ')}, not '${value}'`)
  }
  return value
}

function periodOf(call: CommandCall): number {
  const text = call.text('access-log-seconds') ?? '300'
  if (/^[0-9]{1,4}$/.test(text) && Number(text) >= 1) return Number(text)
  throw new UsageError(`--access-log-seconds is a number of seconds, not '${text}'`)
}

function gitHubUrlOf(call: CommandCall): string | undefined {
  const text = call.text('github-url')
  if (text === undefined) return undefined
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError(`--github-url is an http or https address, not '${text}'`)
  }
  return text.replace(/\/+$/, '')
}

interface MailOptions {
  readonly mailRelay?: string
  readonly mailCredentials?: string
  readonly mailFrom?: string
}

/** Passwords come in a file: a command line can be read by everybody. */
function mailOf(call: CommandCall): MailOptions {
  const relay = call.text('mail-relay')
  const credentials = call.text('mail-credentials')
  const from = call.text('mail-from')
  if (relay === undefined) {
    if (credentials === undefined && from === undefined) return {}
    throw new UsageError('--mail-credentials and --mail-from need --mail-relay')
  }
  const url = URL.canParse(relay) ? new URL(relay) : undefined
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new UsageError(`--mail-relay is smtp://HOST:PORT or smtps://HOST:PORT, not '${relay}'`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('--mail-relay has no password; give a file to --mail-credentials')
  }
  if (from !== undefined && !/^[^\s@<>]+@[^\s@<>]+$/.test(from)) {
    throw new UsageError(`--mail-from is an address, not '${from}'`)
  }
  return {
    mailRelay: relay,
    ...(credentials === undefined ? {} : { mailCredentials: resolve(credentials) }),
    ...(from === undefined ? {} : { mailFrom: from }),
  }
}

function portOf(call: CommandCall, flag: string): number | undefined {
  const text = call.text(flag)
  if (text === undefined) return undefined
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`--${flag} is a port number, not '${text}'`)
  }
  return port
}

/** The JSON argument of the server's program (`server/options.ts`). */
function serverArgument(call: CommandCall, dataDirectory: string): string {
  const account = call.text('account') ?? '000000000000'
  if (!/^\d{12}$/.test(account)) throw new UsageError(`--account is 12 digits, not '${account}'`)
  const compute = choice(call, 'compute', ['real', 'stub'], 'real')
  if (compute === 'stub') throw new UsageError('--compute stub is not supported yet')
  return JSON.stringify({
    dataDirectory,
    port: portOf(call, 'port') ?? 4566,
    sitePort: portOf(call, 'site-port'),
    driver: choice(call, 'driver', ['auto', 'namespaces', 'process'], 'auto'),
    dataPlane: choice(call, 'data-plane', ['auto', 'builtin', 'haproxy'], 'auto'),
    accessLogSeconds: periodOf(call),
    authentication: choice(call, 'auth', ['on', 'off'], 'on'),
    gitHubUrl: gitHubUrlOf(call),
    ...mailOf(call),
    region: call.text('region') ?? 'us-east-1',
    account,
    strictImages: call.switched('strict-images'),
    fresh: call.switched('fresh'),
  })
}

export interface Health {
  readonly status: string
  readonly version: string
  readonly pid: number
  readonly driver: string
}

/** What the endpoint says of itself; undefined while nothing answers 200. */
export function healthOf(port: number): Promise<Health | undefined> {
  return new Promise((resolveWith) => {
    const request = http.get(
      { host: '127.0.0.1', port, path: '/_evenkeel/health', timeout: 2000 },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () =>
          resolveWith(response.statusCode === 200 ? (JSON.parse(text) as Health) : undefined),
        )
      },
    )
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolveWith(undefined))
  })
}

/** Starts the server program: in the foreground with our output, or on its own with a log file. */
export function spawnServer(call: CommandCall, dataDirectory: string): ChildProcess {
  const detached = call.switched('detach')
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const log = openSync(join(dataDirectory, 'server.log'), 'a', 0o600)
  return spawn(process.execPath, [serverProgram, serverArgument(call, dataDirectory)], {
    stdio: detached ? ['ignore', log, log] : ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: { ...process.env, NODE_COMPILE_CACHE: join(dataDirectory, 'compile-cache') },
  })
}

/** Resolves when the server answers, or fails with its last words. */
export async function waitUntilReady(
  child: ChildProcess,
  wait: {
    readonly dataDirectory: string
    readonly detached: boolean
    onWait(elapsedMilliseconds: number): void
  },
): Promise<{ port: number; sitePort: number; namePort: number | undefined; health: Health }> {
  const begun = Date.now()
  let exited: number | undefined
  child.once('exit', (code, signal) => (exited = code ?? (signal ? 128 : 1)))
  for (;;) {
    if (exited !== undefined) {
      throw new CommandFailure(
        `the server ended before it was ready (exit code ${exited})${wait.detached ? lastWords(wait.dataDirectory) : '; see its last lines above'}`,
      )
    }
    const installation = readInstallation(wait.dataDirectory)
    if (installation) {
      const health = await healthOf(installation.port)
      if (health && health.pid === child.pid) {
        const { port, sitePort, namePort } = installation
        return { port, sitePort, namePort, health }
      }
    }
    const elapsed = Date.now() - begun
    if (elapsed > readyWithinMilliseconds) {
      throw new CommandFailure(
        `the server was not ready within ${readyWithinMilliseconds / 1000} s`,
      )
    }
    wait.onWait(elapsed)
    await new Promise((resolveWith) => setTimeout(resolveWith, 20))
  }
}

/** What a detached server wrote last; one in the foreground wrote it on the terminal. */
function lastWords(dataDirectory: string): string {
  try {
    const log = readFileSync(join(dataDirectory, 'server.log'), 'utf8').trimEnd().split('\n')
    return `:\n  ${log.slice(-5).join('\n  ')}`
  } catch {
    return ''
  }
}

/** First start makes a database; a slow disk needs seconds for it. */
const readyWithinMilliseconds = 60_000
