import { warmStart } from '../drivers/warm-start/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import { lineLog } from '../kernel/system/log.ts'
import { readOptions } from './options.ts'
import { startServer } from './start-server.ts'

warmStart()

/** The server's process. Exit code 0 after a clean stop; 1 when it could not start. */
const log = lineLog('server')
const options = readOptions(process.argv[2])

let stopping: Promise<void> | undefined
try {
  const server = await startServer(options, log)
  const stop = (): void => {
    stopping ??= server.stop().then(
      () => process.exit(0),
      (thrown: unknown) => {
        log.write('error', 'the stop was not clean', { reason: reasonOf(thrown) })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGHUP', stop)
} catch (thrown) {
  process.stderr.write(`evenkeel: ${reasonOf(thrown)}\n`)
  process.exit(1)
}
