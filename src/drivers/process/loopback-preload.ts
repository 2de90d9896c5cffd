import { Server, Socket } from 'node:net'
import { firstFreePort } from './first-free-port.ts'
import { loopbackAddress, loopbackRangeVariable, openPort } from './loopback-address.ts'

/**
 * Loaded before a program of the platform that runs without a VPC around it: what it listens on and connects to is translated as a
 * VPC's router would have carried it. The program itself knows nothing of it.
 */
const firstFree = firstFreePort()
const range = Number(process.env[loopbackRangeVariable])

interface Endpoint {
  host?: string
  port?: number
  path?: string
  localAddress?: string
}

function translated(endpoint: Endpoint): Endpoint {
  if (endpoint.path !== undefined) return endpoint
  return {
    ...endpoint,
    ...(endpoint.host === undefined ? {} : { host: loopbackAddress(endpoint.host, range) }),
    ...(endpoint.port === undefined ? {} : { port: openPort(endpoint.port, firstFree) }),
    ...(endpoint.localAddress === undefined
      ? {}
      : { localAddress: loopbackAddress(endpoint.localAddress, range) }),
  }
}

/** Node's own callers pass one already normalised array; others pass options, or a port and a host. */
function translateArguments(all: unknown[]): unknown[] {
  const [first, second, ...rest] = all
  if (Array.isArray(first)) {
    first[0] = translated(first[0] as Endpoint)
    return all
  }
  if (typeof first === 'object' && first !== null) return [translated(first), second, ...rest]
  if (typeof first !== 'number') return all
  const host = typeof second === 'string' ? loopbackAddress(second, range) : second
  return [openPort(first, firstFree), host, ...rest]
}

for (const [prototype, name] of [
  [Socket.prototype, 'connect'],
  [Server.prototype, 'listen'],
] as const) {
  const target = prototype as unknown as Record<string, (...all: unknown[]) => unknown>
  const original = target[name]!
  target[name] = function patched(this: unknown, ...all: unknown[]) {
    return original.apply(this, translateArguments(all))
  }
}
