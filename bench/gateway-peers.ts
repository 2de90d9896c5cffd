import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every proxy listens on its own port before the same backends. */
export interface Peer {
  readonly name: string
  readonly port: number
  readonly process: ChildProcess
}

const source = new URL('../src/', import.meta.url).pathname

export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

/** Three backends in one nginx, or in one Node process where there is none: 74 bytes of text each. */
export function startBackends(folder: string, ports: readonly number[]): Peer {
  const port = ports[0] ?? 0
  if (!has('nginx')) return { name: 'node', port, process: startNodeBackends(ports) }
  const listen = ports.map((one) => `listen 127.0.0.1:${one};`).join(' ')
  const body = `ok ${'0123456789'.repeat(7)}\\n`
  const server = `server { ${listen} location / { default_type text/plain; return 200 "${body}"; } }`
  return { name: 'nginx', port, process: startNginx(folder, 'backend', server) }
}

function startNodeBackends(ports: readonly number[]): ChildProcess {
  const program = `const http = require('node:http')
const body = 'ok ' + '0123456789'.repeat(7) + '\\n'
for (const port of ${JSON.stringify(ports)}) http.createServer((q, s) => s.end(body)).listen(port, '127.0.0.1')`
  return spawn(process.execPath, ['-e', program], { stdio: 'ignore' })
}

function startNginx(folder: string, name: string, http: string): ChildProcess {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${own}/${kind};`)
    .join(' ')
  const text = `worker_processes 1; daemon off; pid ${own}/pid; error_log ${own}/error.log;
events { worker_connections 8192; }
http { access_log off; keepalive_requests 100000000; ${paths} ${http} }`
  writeFileSync(join(own, 'nginx.conf'), text)
  return spawn('nginx', ['-c', join(own, 'nginx.conf')], { stdio: 'ignore' })
}

export function startNginxProxy(folder: string, port: number, backends: readonly number[]): Peer {
  const servers = backends.map((backend) => `server 127.0.0.1:${backend};`).join(' ')
  const http = `upstream b { ${servers} keepalive 256; keepalive_requests 100000000; }
server { listen 127.0.0.1:${port}; location / { proxy_pass http://b; proxy_http_version 1.1;
proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } }`
  return { name: 'nginx', port, process: startNginx(folder, 'proxy', http) }
}

/** HAProxy as its manual begins: it passes requests on and adds the client's address. */
export function startHaproxy(folder: string, port: number, backends: readonly number[]): Peer {
  const front = ['option forwardfor']
  const back = ['http-reuse safe']
  return haproxyPeer(folder, 'haproxy', { port, backends, front, back })
}

/**
 * HAProxy by hand with the duties of an Application Load Balancer: its four headers, and a request that is safe to repeat goes to
 * another server when its own one dies without an answer.
 */
export function startDutifulHaproxy(
  folder: string,
  port: number,
  backends: readonly number[],
): Peer {
  const passed = '{ req.fhdr(x-forwarded-for) -m found }'
  const trace = '"Root=1-%[date,hex,bytes(8,8),lower]-%[uuid(),bytes(24,12)]"'
  const front = [
    `http-request set-header X-Forwarded-For "%[req.fhdr(x-forwarded-for)], %[src]" if ${passed}`,
    `http-request set-header X-Forwarded-For %[src] unless ${passed}`,
    'http-request set-header X-Forwarded-Proto http',
    `http-request set-header X-Forwarded-Port ${port}`,
    `http-request set-header X-Amzn-Trace-Id ${trace} unless { req.fhdr(x-amzn-trace-id) -m found }`,
  ]
  const back = [
    ...['http-reuse always', 'option redispatch 1', 'retries 5'],
    'retry-on conn-failure empty-response',
  ]
  return haproxyPeer(folder, 'haproxy, same duties', { port, backends, front, back })
}

interface HaproxySpec {
  readonly port: number
  readonly backends: readonly number[]
  readonly front: readonly string[]
  readonly back: readonly string[]
}

function haproxyPeer(folder: string, name: string, spec: HaproxySpec): Peer {
  const { port, backends } = spec
  const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n')
  const servers = backends.map(
    (backend, index) => `server s${index} 127.0.0.1:${backend} check inter 5s`,
  )
  const text = `global
  nbthread 1
  maxconn 8192
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 2s
frontend f
  bind 127.0.0.1:${port}
${indented(spec.front)}
  default_backend b
backend b
  balance roundrobin
${indented(spec.back)}
${indented(servers)}
`
  const file = join(folder, `haproxy-${port}.cfg`)
  writeFileSync(file, text)
  return { name, port, process: spawn('haproxy', ['-f', file], { stdio: 'ignore' }) }
}

/** One listener before one group of all backends. */
export function benchConfiguration(port: number, backends: readonly number[]): object {
  return {
    generation: 1,
    gatewayId: 'gw-bench',
    zone: 'a',
    listeners: [
      {
        id: 'l',
        balancerId: 'b',
        address: '127.0.0.1',
        port,
        protocol: 'http',
        allowedCidrs: ['0.0.0.0/0'],
        idleTimeoutSeconds: 60,
        rules: [
          {
            id: 'r',
            conditions: [],
            action: { type: 'forward', targetGroups: [{ targetGroupId: 'g', weight: 1 }] },
          },
        ],
      },
    ],
    targetGroups: [
      {
        id: 'g',
        healthCheck: {
          enabled: true,
          protocol: 'http',
          port: 'traffic-port',
          path: '/',
          intervalSeconds: 5,
          timeoutSeconds: 2,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
          matcher: '200',
        },
        targets: backends.map((backend) => ({
          id: `t:${backend}`,
          address: '127.0.0.1',
          port: backend,
          state: 'active',
        })),
      },
    ],
  }
}

export function startOwn(port: number, backends: readonly number[]): Peer {
  const configuration = benchConfiguration(port, backends)
  const program = `import { createNodeProxy } from ${JSON.stringify(join(source, 'drivers/node-proxy/index.ts'))}
await createNodeProxy('gw-bench').apply(${JSON.stringify(configuration)})`
  const process_ = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { name: 'evenkeel', port, process: process_ }
}
