import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { benchConfiguration, type Peer } from './gateway-peers.ts'

const source = new URL('../src/', import.meta.url).pathname

function program(text: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: new URL('.', import.meta.url).pathname,
  })
}

export function startHaproxyDriver(
  folder: string,
  port: number,
  backends: readonly number[],
): Peer {
  const own = JSON.stringify(join(folder, 'driver'))
  const configuration = JSON.stringify(benchConfiguration(port, backends))
  const text = `import { createHaproxyPlane } from ${JSON.stringify(join(source, 'drivers/haproxy/index.ts'))}
const log = { write: (level, text) => process.stderr.write(level + ' ' + text + '\\n') }
await createHaproxyPlane({ gatewayId: 'gw-bench', folder: ${own}, log }).apply(${configuration})`
  return { name: 'haproxy driver', port, process: program(text) }
}

const keepAlive = 'new Agent({ keepAlive: true, maxSockets: 256 })'

export function startHttpProxy3(port: number, backends: readonly number[]): Peer {
  const text = `import { Agent, createServer } from 'node:http'
import { createProxyServer } from 'http-proxy-3'
const agent = ${keepAlive}
const targets = ${JSON.stringify(backends)}.map((port) => 'http://127.0.0.1:' + port)
const proxy = createProxyServer({ agent, xfwd: true })
proxy.on('error', (error, request, response) => response.destroy())
let turn = 0
createServer((request, response) => proxy.web(request, response, { target: targets[turn++ % 3] }))
  .listen(${port}, '127.0.0.1')`
  return { name: 'http-proxy-3', port, process: program(text) }
}

export function startFastify(port: number, backends: readonly number[]): Peer {
  const text = `import fastify from 'fastify'
import proxy from '@fastify/http-proxy'
const targets = ${JSON.stringify(backends)}.map((port) => 'http://127.0.0.1:' + port)
let turn = 0
const server = fastify()
await server.register(proxy, {
  upstream: '',
  undici: { connections: 256, pipelining: 1 },
  replyOptions: { getUpstream: () => targets[turn++ % 3] },
})
await server.listen({ port: ${port}, host: '127.0.0.1' })`
  return { name: '@fastify/http-proxy', port, process: program(text) }
}
