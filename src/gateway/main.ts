import { join } from 'node:path'
import { createHaproxyPlane } from '../drivers/haproxy/index.ts'
import { pullConfiguration } from '../drivers/inner-door/index.ts'
import { warmStart } from '../drivers/warm-start/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import { lineLog } from '../kernel/system/log.ts'
import type { GatewayConfiguration } from '../protocol/gateway.ts'
import { AccessLogBook } from './access-log-book.ts'
import { openDoor } from './door.ts'
import { sendAccessLog, startReporter } from './reporter.ts'

warmStart()
const gatewayId = required('EVENKEEL_GATEWAY')
const folder = required('EVENKEEL_DOOR')
const socketPath = required('EVENKEEL_CONTROL')
const log = lineLog('gateway')
const accessLog = new AccessLogBook({
  ...{ folder: join(folder, 'access-logs'), log },
  send: (file) => sendAccessLog({ socketPath, gatewayId, file }),
})
const plane = createHaproxyPlane({
  ...{ gatewayId, folder, log, accessLog },
  isWanted: ({ dataPlane }) => dataPlane === 'haproxy',
})
const stopped = new AbortController()
startReporter({ gatewayId, socketPath, plane, signal: stopped.signal })
const door = openDoor(join(folder, 'door.sock'), plane, log)
process.on('uncaughtException', (error) => {
  log.write('error', 'unexpected', { reason: reasonOf(error), stack: error.stack })
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())

await pullConfiguration<GatewayConfiguration>(
  {
    socketPath,
    path: `/gateways/${gatewayId}/configuration`,
    file: join(folder, 'configuration.json'),
    log,
    apply(configuration) {
      accessLog.follow(configuration)
      void plane.apply(configuration)
    },
  },
  stopped.signal,
)

async function stop(): Promise<void> {
  stopped.abort()
  door.close()
  await plane.close()
  await accessLog.close()
  process.exit(0)
}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}
