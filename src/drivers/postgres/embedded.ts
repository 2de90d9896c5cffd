import { execFile, spawn } from 'node:child_process'
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { ClientConfig } from 'pg'
import { DriverError, reasonOf } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/ports.ts'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import * as postmaster from './postmaster.ts'
import { findUnprivileged, type Unprivileged } from './unprivileged.ts'

const run = promisify(execFile)

export interface EmbeddedPostgresOptions {
  /** Made at the first start. What PostgreSQL prints goes to a file beside it, `<dataDirectory>.log`. */
  readonly dataDirectory: string
  /** Short and private: it holds the socket. */
  readonly runDirectory: string
  readonly log: Log
}

export interface EmbeddedPostgres {
  readonly connection: ClientConfig
  readonly pid: number
  /** It ran already: its earlier server was killed. */
  readonly adopted: boolean
  /** Ends it cleanly; no process, socket or shared memory is left. */
  stop(): Promise<void>
}

const version = '18'
const user = 'evenkeel'
const startTimeoutMilliseconds = 60_000
const stopTimeoutMilliseconds = 30_000
/** Children of a killed server notice it and end; only then may a new one touch the data. */
const orphansTimeoutMilliseconds = 10_000
const logBytesMax = 10_000_000

/** Small: no parallel queries, no replication, no workers but the writers and vacuum. Durable: fsync stays on. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  shared_buffers: '32MB',
  max_connections: '40',
  dynamic_shared_memory_type: 'mmap',
  huge_pages: 'off',
  io_method: 'sync',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  autovacuum_worker_slots: '2',
  autovacuum_max_workers: '2',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  min_wal_size: '64MB',
  checkpoint_timeout: '15min',
  log_checkpoints: 'off',
  log_min_error_statement: 'panic',
  log_min_messages: 'log',
  timezone: 'UTC',
}

/** Starts PostgreSQL, or adopts the one that still runs on this data. Throws `DriverError` with PostgreSQL's own words. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { dataDirectory, runDirectory } = options
  await mkdir(dirname(dataDirectory), { recursive: true })
  await mkdir(runDirectory, { recursive: true, mode: 0o700 })
  const running = await adopt(options)
  if (running !== undefined) return embeddedOf(options, running, true)

  const binaries = await findPostgresBinaries(runDirectory)
  const unprivileged = await findUnprivileged(await ownerOf(dataDirectory))
  await initialize(options, binaries, unprivileged)
  await clearStaleLocks(options)
  return embeddedOf(options, await launch(options, binaries, unprivileged), false)
}

/** The PostgreSQL that still runs on this data, to stop it; undefined when none does. */
export async function adoptEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres | undefined> {
  const running = await adopt(options)
  return running === undefined ? undefined : embeddedOf(options, running, true)
}

function embeddedOf(
  options: EmbeddedPostgresOptions,
  pid: number,
  adopted: boolean,
): EmbeddedPostgres {
  const connection = { host: options.runDirectory, port: 5432, user, database: 'postgres' }
  return { connection, pid, adopted, stop: () => stop(options, pid) }
}

/** The pid of a server that runs on our data and socket. One that listens elsewhere is ended. */
async function adopt(options: EmbeddedPostgresOptions): Promise<number | undefined> {
  const found = await postmaster.readPostmaster(options.dataDirectory)
  if (!found || !(await postmaster.worksIn(found.pid, options.dataDirectory))) return undefined
  const socket = join(options.runDirectory, '.s.PGSQL.5432')
  const isReachable = (await stat(socket).catch(() => undefined))?.isSocket() ?? false
  if (found.socketDirectory === options.runDirectory && isReachable) {
    return untilReady(options, found.pid, () => undefined)
  }
  options.log.write('warn', 'ending a PostgreSQL that listens elsewhere', { pid: found.pid })
  await stop(options, found.pid)
  return undefined
}

async function ownerOf(dataDirectory: string): Promise<number | undefined> {
  return (await stat(dataDirectory).catch(() => undefined))?.uid
}

/** Into a folder beside, then renamed: a start that is killed in between leaves no half-made data directory. */
async function initialize(
  { dataDirectory }: EmbeddedPostgresOptions,
  binaries: PostgresBinaries,
  unprivileged: Unprivileged,
): Promise<void> {
  const found = await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (found?.trim() === version) return
  const entries = await readdir(dataDirectory).catch(() => [])
  if (entries.length > 0) {
    const what =
      found === undefined ? 'no data of PostgreSQL' : `data of PostgreSQL ${found.trim()}`
    throw new DriverError(`${dataDirectory} holds ${what}, not of ${version}`, { retryable: false })
  }
  const fresh = `${dataDirectory}.new`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  await unprivileged.own(fresh)
  const flags = ['-U', user, '-A', 'trust', '--locale=C', '--encoding=UTF8', '--no-instructions']
  const [program = '', ...rest] = [...unprivileged.prefix, binaries.initdb, '-D', fresh, ...flags]
  try {
    await run(program, rest, { env: { ...process.env, ...binaries.environment } })
  } catch (thrown) {
    throw new DriverError(`could not make the database in ${dataDirectory}: ${outputOf(thrown)}`, {
      retryable: false,
      cause: thrown,
    })
  }
  await rename(fresh, dataDirectory)
}

function outputOf(thrown: unknown): string {
  const isOutput = typeof thrown === 'object' && thrown !== null && 'stderr' in thrown
  return (isOutput && String(thrown.stderr).trim()) || reasonOf(thrown)
}

/** PostgreSQL refuses to start while the pid in its file lives, also when that is another program's by now. */
async function clearStaleLocks({
  dataDirectory,
  runDirectory,
}: EmbeddedPostgresOptions): Promise<void> {
  if (!(await postmaster.processesEnd(dataDirectory, orphansTimeoutMilliseconds))) {
    throw new DriverError(`processes of an earlier PostgreSQL still work in ${dataDirectory}`, {
      retryable: true,
    })
  }
  const found = await postmaster.readPostmaster(dataDirectory)
  if (found) await rm(join(dataDirectory, 'postmaster.pid'), { force: true })
  // The socket's own lock names the same pid; a zombie that nobody has reaped yet looks alive to PostgreSQL.
  await rm(join(runDirectory, '.s.PGSQL.5432'), { force: true })
  await rm(join(runDirectory, '.s.PGSQL.5432.lock'), { force: true })
}

async function launch(
  options: EmbeddedPostgresOptions,
  binaries: PostgresBinaries,
  unprivileged: Unprivileged,
): Promise<number> {
  const { dataDirectory, runDirectory } = options
  const logPath = `${dataDirectory}.log`
  const logSize = (await stat(logPath).catch(() => undefined))?.size ?? 0
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program = '', ...rest] = [
    ...unprivileged.prefix,
    binaries.postgres,
    '-D',
    dataDirectory,
    '-k',
    `"${runDirectory}"`,
    ...flags,
  ]
  await unprivileged.own(runDirectory)
  const logFile = await open(logPath, logSize > logBytesMax ? 'w' : 'a')
  const startedAt = (await logFile.stat()).size
  const child = spawn(program, rest, {
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
    env: { ...process.env, ...binaries.environment },
    cwd: '/',
  })
  let failure: string | undefined
  child.on('error', (thrown) => (failure = reasonOf(thrown)))
  child.on('exit', (code, signal) => (failure ??= `it ended with ${signal ?? code}`))
  child.unref()
  await logFile.close()
  const pid = await untilReady(options, child.pid, () => failure).catch(async (thrown: unknown) => {
    const said = (await readFile(logPath, 'utf8').catch(() => '')).slice(startedAt).trim()
    throw new DriverError(
      `could not start PostgreSQL on ${dataDirectory}: ${said || reasonOf(thrown)}`,
      {
        retryable: true,
        cause: thrown,
      },
    )
  })
  return pid
}

async function untilReady(
  { dataDirectory }: EmbeddedPostgresOptions,
  pid: number | undefined,
  failure: () => string | undefined,
): Promise<number> {
  const attempts = startTimeoutMilliseconds / postmaster.pollMilliseconds
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await postmaster.readPostmaster(dataDirectory)
    if (found?.isReady && found.pid === pid) return found.pid
    const reason = failure()
    if (reason !== undefined) throw new DriverError(reason, { retryable: true })
    await pause(postmaster.pollMilliseconds)
  }
  throw new DriverError(`PostgreSQL was not ready within ${startTimeoutMilliseconds} ms`, {
    retryable: true,
  })
}

/** SIGINT is PostgreSQL's fast shutdown; SIGQUIT leaves the rest to recovery at the next start. */
async function stop({ dataDirectory, log }: EmbeddedPostgresOptions, pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (await postmaster.worksIn(pid, dataDirectory)) postmaster.signalProcess(pid, signal)
    if (await postmaster.processesEnd(dataDirectory, stopTimeoutMilliseconds)) return
    log.write('warn', 'PostgreSQL does not end', { pid, signal })
  }
  throw new DriverError(`PostgreSQL ${pid} does not end`, { retryable: true })
}
