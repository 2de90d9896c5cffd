import { spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ToolFailure } from '../machine-context.ts'
import { fileServer } from './file-server.ts'

/** Where the files of Apache's sites are, on every distribution that AWS's samples know. */
const documentRoot = '/var/www/html'
const port = 80
const account = 'apache'
const errorLog = '/var/log/httpd/error_log'
const pidFile = '/run/httpd.pid'
const startMilliseconds = 20_000
const pauseMilliseconds = 25

/** Where Apache's own settings would be: none of them is understood here. */
const settingsFolders = ['/etc/httpd', '/etc/apache2']

/**
 * `httpd -k start`: the platform's own server, which stands in for Apache where it cannot be had. It serves the files below
 * `/var/www/html` at port 80, and does not start over a setting that it would not honour.
 */
export async function httpd(words: readonly string[]): Promise<number> {
  if (words.includes('-v')) {
    process.stdout.write('Server version: Evenkeel httpd (files of /var/www/html alone)\n')
    return 0
  }
  const setting = settingsFolders.map(firstSetting).find((path) => path !== undefined)
  if (setting !== undefined) {
    throw new ToolFailure(
      `httpd: ${setting} cannot be honoured: this is the platform's own server of files, not Apache`,
    )
  }
  if (words.includes('-t')) {
    process.stdout.write('Syntax OK\n')
    return 0
  }
  if (words.join(' ') === '-k start') await startBehind()
  else if (words.join(' ') === '-DFOREGROUND') await serve()
  else
    throw new ToolFailure(`httpd ${words.join(' ')}: -k start, -DFOREGROUND, -t and -v are known`)
  return 0
}

/** Resolves when it answers. Throws its own words when it ends before that. */
async function startBehind(): Promise<void> {
  mkdirSync('/var/log/httpd', { recursive: true })
  const log = openSync(errorLog, 'a', 0o640)
  const [program = ''] = process.argv.slice(1)
  const stdio = ['ignore', log, log] as const
  const child = spawn(process.execPath, [program, 'httpd', '-DFOREGROUND'], {
    cwd: '/',
    detached: true,
    stdio: [...stdio],
  })
  closeSync(log)
  let isOver = false
  child.once('error', () => (isOver = true))
  child.once('exit', () => (isOver = true))
  for (let waited = 0; waited < startMilliseconds; waited += pauseMilliseconds) {
    if (isOver) break
    if (existsSync(pidFile) && (await answers())) return child.unref()
    await delay(pauseMilliseconds)
  }
  child.kill('SIGKILL')
  const [last] = readFileSync(errorLog, 'utf8').trim().split('\n').slice(-1)
  throw new ToolFailure(`httpd did not start: ${last}`)
}

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (isThere: boolean): void => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

/** Until it is told to end; what is under way ends first. */
async function serve(): Promise<void> {
  rmSync(pidFile, { force: true })
  const server = fileServer(documentRoot)
  const ended = new Promise<void>((resolve, reject) => {
    server.once('close', resolve)
    server.once('error', (thrown) => {
      reject(new ToolFailure(`httpd: ${thrown.message}`))
    })
  })
  server.listen(port, '0.0.0.0', () => {
    writeFileSync(pidFile, `${process.pid}\n`)
    becomeUnprivileged()
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.close()
      server.closeIdleConnections()
    })
  }
  await ended
}

/** Where one user id is all there is (no subordinate ids), there is nobody else to become. */
function becomeUnprivileged(): void {
  try {
    process.setgid?.(account)
    process.setuid?.(account)
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code !== 'EINVAL' && code !== 'EPERM' && code !== 'ERR_UNKNOWN_CREDENTIAL') throw thrown
  }
}

function firstSetting(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .find((path) => path.endsWith('.conf') && statSync(path, { throwIfNoEntry: false })?.isFile())
}
