import { probeDriver } from '../drivers/namespaces/index.ts'
import { processLacks } from '../drivers/process/index.ts'

/** `evenkeel doctor`: what this machine can do, tried for real. Exit code 0 when machines can be isolated. */
const probed = await probeDriver()
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(probed)}\n`)
} else {
  process.stdout.write(`driver: ${probed.driver}\n`)
  if (probed.lacks.length === 0) process.stdout.write('nothing is missing\n')
  for (const lack of probed.lacks) process.stdout.write(`  missing: ${lack}\n`)
  for (const [name, value] of Object.entries(probed.facts)) {
    process.stdout.write(`  ${name}: ${String(value)}\n`)
  }
  if (probed.driver !== 'process') {
    process.stdout.write('with --driver process instead:\n')
    for (const lack of processLacks()) process.stdout.write(`  missing: ${lack}\n`)
  }
}
process.exitCode = probed.driver === 'namespaces' ? 0 : 1
