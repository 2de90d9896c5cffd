import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname
export const checkout = new URL('../../', import.meta.url).pathname

/** Debian's package where it is installed; another one may be first on the path. */
const awsProgram = existsSync('/usr/bin/aws') ? '/usr/bin/aws' : 'aws'

/** Why the scenarios with the official CLI cannot run here; false when they can. */
export async function lacksAws(): Promise<string | false> {
  return (await has(awsProgram)) ? false : 'the aws CLI is not installed (Debian: awscli)'
}

/** A platform of a test's own: `evenkeel up` on free ports with its own data directory. */
export interface Platform {
  readonly endpoint: string
  readonly port: number
  readonly sitePort: number
  readonly dataDirectory: string
  /** Where its sockets are. */
  readonly runDirectory: string
  readonly driver: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** The server's process. */
  pid(): number
  /** `evenkeel WORDS`; rejects with its error output unless it exits 0. */
  evenkeel(...words: readonly string[]): Promise<string>
  /** The official CLI with this endpoint; parsed JSON. */
  aws(...words: readonly string[]): Promise<Record<string, unknown>>
  /** `up` again on the same data directory and ports. */
  up(): Promise<void>
  /** `down`, and unless `keep` the data directory goes too. */
  stop(options?: { keep?: boolean }): Promise<void>
}

/** Platforms that run now, so that a test run that is cut short leaves none behind. */
const running = new Set<string>()
let isWatching = false

function downWhenCutShort(): void {
  if (isWatching) return
  isWatching = true
  const downAll = (): void => {
    for (const dataDirectory of running) {
      const down = [program, 'down', '--data-dir', dataDirectory]
      spawnSync(process.execPath, down, { timeout: 60_000 })
      rmSync(dataDirectory, { recursive: true, force: true })
    }
    running.clear()
  }
  process.once('exit', downAll)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(1))
  }
}

export async function startPlatform(...flags: readonly string[]): Promise<Platform> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'evenkeel-test-'))
  downWhenCutShort()
  running.add(dataDirectory)
  const begun = await spawnUp(dataDirectory, ['--port', '0', ...flags])
  let child = begun.child
  const { endpoint, sitePort, driver } = begun.ready
  const port = Number(new URL(endpoint).port)
  const keys = await readJson<Platform['credentials']>(join(dataDirectory, 'keys.json'))
  const file = await readJson<{ runDirectory: string }>(join(dataDirectory, 'instance.json'))
  let pid = begun.ready.pid
  const evenkeel = (...words: readonly string[]): Promise<string> =>
    output(process.execPath, [
      program,
      words[0] ?? 'help',
      '--data-dir',
      dataDirectory,
      ...words.slice(1),
    ])
  return {
    endpoint,
    port,
    sitePort,
    dataDirectory,
    runDirectory: file.runDirectory,
    driver,
    credentials: keys,
    pid: () => pid,
    evenkeel,
    aws: async (...words) => {
      const text = await output(
        awsProgram,
        ['--endpoint-url', endpoint, '--output', 'json', '--region', 'us-east-1', ...words],
        {
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_PAGER: '',
        },
      )
      return text.trim().startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text }
    },
    up: async () => {
      const again = await spawnUp(dataDirectory, [
        '--port',
        `${port}`,
        '--site-port',
        `${sitePort}`,
        ...flags,
      ])
      child = again.child
      pid = again.ready.pid
    },
    stop: async (options) => {
      try {
        await evenkeel('down')
        await ended(child)
      } finally {
        if (!options?.keep) {
          running.delete(dataDirectory)
          await removeTree(dataDirectory)
        }
      }
    },
  }
}

/** What an ordinary user's machines wrote may belong to his subordinate ids: a user namespace of his own has them too. */
async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EACCES') throw thrown
    const words = ['--user', '--map-root-user', '--map-auto', 'rm', '-rf', path]
    const done = spawnSync('unshare', words, { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`${path} stays: ${done.stderr}`, { cause: thrown })
  }
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T
}

interface Ready {
  readonly endpoint: string
  readonly sitePort: number
  readonly pid: number
  readonly driver: string
}

async function spawnUp(
  dataDirectory: string,
  flags: readonly string[],
): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = spawn(
    process.execPath,
    [program, 'up', '--json', '--data-dir', dataDirectory, ...flags],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-20_000)))
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return { child, ready: JSON.parse(line) as Ready }
  }
  throw new Error(`evenkeel up ended before it was ready:\n${errors}`)
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** Standard output of a command that exits 0. */
export function output(
  command: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...words],
      { env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024, cwd: checkout },
      (error, stdout, stderr) => {
        if (error)
          reject(
            new CommandFailed(error.code, `${command} ${words.join(' ')}: ${error.message}`, {
              stdout,
              stderr,
            }),
          )
        else resolve(stdout)
      },
    )
  })
}

/** A command that did not exit 0: its code, and all that it said in the message. */
class CommandFailed extends Error {
  readonly code: unknown
  readonly stdout: string

  constructor(code: unknown, what: string, said: { stdout: string; stderr: string }) {
    super(`${what}\n${said.stderr}\n${said.stdout}`)
    this.code = code
    this.stdout = said.stdout
  }
}

/** Whether a command is on this machine's path. */
export async function has(command: string): Promise<boolean> {
  try {
    await output('sh', ['-c', `command -v ${command}`])
    return true
  } catch {
    return false
  }
}

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** One GET of a site through the edge, on a connection of its own. */
export function get(platform: Platform, path: string, host?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      {
        host: '127.0.0.1',
        port: platform.sitePort,
        path,
        agent: false,
        timeout: 10_000,
        headers: host ? { host } : {},
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (body += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        )
      },
    )
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')))
    request.on('error', reject)
  })
}

/** Waits until `check` gives a value; fails naming what was awaited. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  withinMilliseconds = 30_000,
): Promise<T> {
  const end = Date.now() + withinMilliseconds
  let last: unknown
  while (Date.now() < end) {
    try {
      const value = await check()
      if (value !== undefined && value !== false) return value
    } catch (thrown) {
      last = thrown
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`not within ${withinMilliseconds} ms: ${what}`, { cause: last })
}
