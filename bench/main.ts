import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Runs the parts named, or all, one after the other, each in a process of its own. */
const parts = [
  'up',
  'launch',
  'fleet',
  'api',
  'gateway',
  'planes',
  'zones',
  'sqs',
  'metrics',
  'deployments',
  'stacks',
]
const wanted = process.argv.slice(2)
const unknown = wanted.filter((part) => !parts.includes(part))
if (unknown.length > 0) {
  process.stderr.write(`no part ${unknown.join(', ')}; there are ${parts.join(', ')}\n`)
  process.exit(2)
}

let failed = 0
for (const part of wanted.length > 0 ? wanted : parts) {
  const program = new URL(`./${part}.ts`, import.meta.url).pathname
  if (!existsSync(program)) continue
  process.stdout.write(`\n== ${part}\n`)
  const child = spawn(process.execPath, [program], { stdio: 'inherit' })
  const code = await new Promise<number>((resolve) =>
    child.once('exit', (exitCode) => resolve(exitCode ?? 1)),
  )
  if (code !== 0) failed++
}
process.exitCode = failed === 0 ? 0 : 1
