import { readFileSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { dataDirectoryOf, openAdmin, readInstallation } from '../admin.ts'
import { CommandFailure, type Command, type CommandCall } from '../command.ts'
import { seconds, terminalScreen, type Screen } from '../screen.ts'
import { healthOf, spawnServer, upFlags, waitUntilReady } from '../server-process.ts'
import { readStatus } from './status.ts'

/** Starts the platform and stays in the foreground, or with --detach returns when it is ready. */
export const up: Command = {
  name: 'up',
  summary:
    'start the platform (or adopt what still runs) and stay; Ctrl-C stops it and keeps its state',
  usage: '[FLAGS]',
  flags: upFlags,
  async run(call) {
    const started = await startPlatform(call)
    if (call.switched('detach')) {
      started.child.unref()
      return 0
    }
    return stayWith(started.child)
  },
}

export interface StartedPlatform {
  readonly child: ChildProcess
  readonly port: number
  readonly sitePort: number
  readonly driver: string
}

/** Starts the server and waits until it is ready, telling so on the way. */
export async function startPlatform(call: CommandCall): Promise<StartedPlatform> {
  const screen = terminalScreen()
  const json = call.switched('json')
  const dataDirectory = dataDirectoryOf(call)
  await refuseSecond(dataDirectory)
  const begun = Date.now()
  const child = spawnServer(call, dataDirectory)
  forwardSignals(child)
  const { port, sitePort, namePort, health } = await waitUntilReady(child, {
    dataDirectory,
    detached: call.switched('detach'),
    onWait(elapsed) {
      if (!json) screen.status(`starting … ${seconds(elapsed)}`)
    },
  })
  const endpoint = `http://127.0.0.1:${port}`
  if (json) {
    screen.line(
      JSON.stringify({
        ...{ endpoint, sitePort, namePort, dataDirectory },
        ...{ pid: health.pid, driver: health.driver },
      }),
    )
  } else {
    screen.line(
      `Evenkeel ${health.version} is up in ${seconds(Date.now() - begun)} (driver: ${health.driver})`,
    )
    screen.line(`  AWS endpoint  ${endpoint}     eval "$(npm run -s evenkeel -- env)"`)
    screen.line(`  websites      http://<DNSName>:${sitePort}/`)
    if (namePort !== undefined) screen.line(`  names         DNS on 127.0.0.1:${namePort}`)
    if (health.driver === 'process') await tellLacks(call, screen)
  }
  return { child, port, sitePort, driver: health.driver }
}

/** Whoever starts machines that nothing protects is told so at once. */
async function tellLacks(call: CommandCall, screen: Screen): Promise<void> {
  const { lacks } = await readStatus(openAdmin(call))
  for (const lack of lacks) screen.line(`  lacks: ${lack}`)
}

async function refuseSecond(dataDirectory: string): Promise<void> {
  const installation = readInstallation(dataDirectory)
  if (!installation) return
  const health = await healthOf(installation.port)
  if (health && isOurs(health.pid, dataDirectory)) {
    throw new CommandFailure(
      `it runs already (pid ${health.pid}, port ${installation.port}); 'evenkeel status' shows it, 'evenkeel down' stops it`,
    )
  }
}

/** Another installation may have taken the port meanwhile: its server's command line names another data directory. */
function isOurs(pid: number, dataDirectory: string): boolean {
  return commandLineOf(pid).includes(JSON.stringify(dataDirectory).slice(1, -1))
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** The first signal asks for a clean stop; the server then needs a moment for its machines. */
function forwardSignals(child: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill('SIGTERM'))
  }
}

/** Resolves when the server ends: 0 after a clean stop. */
export function stayWith(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (code === 0) return resolve(0)
      process.stderr.write(
        `evenkeel: the server ended (${signal ?? `exit code ${code}`}); what it started goes on. 'evenkeel up' adopts it, 'evenkeel down' stops it.\n`,
      )
      resolve(1)
    }
    if (child.exitCode !== null || child.signalCode !== null) {
      return finish(child.exitCode, child.signalCode)
    }
    child.once('exit', finish)
  })
}
