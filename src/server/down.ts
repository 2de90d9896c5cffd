import { resolve } from 'node:path'
import { reasonOf } from '../kernel/errors.ts'
import { stopInstallation } from './shutdown.ts'

/** `evenkeel down`: works on the data directory alone. Exit code 0 when nothing is left running. */
try {
  await stopInstallation(resolve(process.argv[2] ?? '.evenkeel'))
} catch (thrown) {
  process.stderr.write(`evenkeel: not everything could be stopped: ${reasonOf(thrown)}\n`)
  process.exitCode = 1
}
