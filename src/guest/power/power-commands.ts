import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { ToolFailure } from '../machine-context.ts'
import { powerOrder, type PowerVerb } from './power-order.ts'

/** The process that waits for its time; of one boot. */
const waiterFile = '/run/evenkeel-shutdown.pid'
/** Processes that do not end when they are asked to are killed after it. */
const graceMilliseconds = 10_000
/** What the machine's first process does at a signal: `init.sh`. */
const signals = { poweroff: 'SIGPWR', reboot: 'SIGUSR1' } as const

/** `poweroff`, `halt`, `reboot`, `shutdown`: resolves when the order is carried out or kept; a machine that goes down ends it first. */
export async function power(tool: string, words: readonly string[]): Promise<number> {
  if (tool === 'shutdown' && words[0] === '--waiting') return wait(words)
  const order = powerOrder(tool, words, new Date())
  if (process.env['EVENKEEL_ROOT'])
    throw new ToolFailure(`${tool}: this machine has no power of its own`)
  if (process.getuid?.() !== 0) throw new ToolFailure(`${tool}: must be root`)
  if (order.kind === 'now') return goDown(order.verb)
  callOff()
  if (order.kind === 'cancel') return 0
  const waiting = ['shutdown', '--waiting', order.verb, String(order.seconds)]
  const child = spawn(process.execPath, [process.argv[1] ?? '', ...waiting], {
    detached: true,
    stdio: 'ignore',
  })
  if (child.pid !== undefined) writeFileSync(waiterFile, String(child.pid))
  child.unref()
  process.stdout.write(
    `Shutdown scheduled in ${order.seconds} seconds, use 'shutdown -c' to cancel.\n`,
  )
  return 0
}

async function wait([, verb = '', seconds = '']: readonly string[]): Promise<number> {
  await delay(Number(seconds) * 1000)
  return goDown(verb === 'reboot' ? 'reboot' : 'poweroff')
}

async function goDown(verb: PowerVerb): Promise<number> {
  // Outlives what it ends, so that nothing can hold the machine up.
  process.on('SIGTERM', () => undefined)
  process.on('SIGHUP', () => undefined)
  process.kill(1, signals[verb])
  await delay(graceMilliseconds)
  process.kill(-1, 'SIGKILL')
  return 0
}

function callOff(): void {
  try {
    process.kill(Number(readFileSync(waiterFile, 'utf8')), 'SIGTERM')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ESRCH') throw thrown
  }
  rmSync(waiterFile, { force: true })
}
