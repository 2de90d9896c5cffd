import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EdgeConfiguration } from '../../src/protocol/edge.ts'
import type { GatewayConfiguration, GatewayReport } from '../../src/protocol/gateway.ts'

const source = new URL('../../src/', import.meta.url).pathname

/** A run directory with a stand-in for the server: it hands out what the test sets and keeps what is reported. */
export class Doors {
  readonly directory = mkdtempSync(join(tmpdir(), 'ek-doors-'))
  readonly reports = new Map<string, GatewayReport>()
  private readonly configurations = new Map<string, EdgeConfiguration | GatewayConfiguration>()
  private readonly children: ChildProcess[] = []
  private waiting: (() => void)[] = []
  private server: http.Server | undefined

  get socketPath(): string {
    return join(this.directory, 'server.sock')
  }

  open(): Promise<void> {
    rmSync(this.socketPath, { force: true })
    this.server = http.createServer((request, response) => void this.serve(request, response))
    return new Promise((resolve) => {
      this.server?.listen(this.socketPath, resolve)
    })
  }

  /** The server goes away; `open` brings it back. */
  shut(): Promise<void> {
    return new Promise((resolve) => {
      this.server?.close(() => resolve())
      this.server?.closeAllConnections()
    })
  }

  set(path: string, configuration: EdgeConfiguration | GatewayConfiguration): void {
    this.configurations.set(path, configuration)
    for (const wake of this.waiting.splice(0)) wake()
  }

  gateway(gatewayId: string): ChildProcess {
    const folder = join(this.directory, gatewayId)
    mkdirSync(folder, { recursive: true })
    return this.start(['gateway/main.ts'], {
      EVENKEEL_GATEWAY: gatewayId,
      EVENKEEL_DOOR: folder,
      EVENKEEL_CONTROL: this.socketPath,
    })
  }

  doorOf(gatewayId: string): string {
    return join(this.directory, gatewayId, 'door.sock')
  }

  edge(ports: { port: number; sitePort: number }): ChildProcess {
    const installation = { runDirectory: this.directory, driver: 'process', ...ports }
    writeFileSync(join(this.directory, 'instance.json'), JSON.stringify(installation))
    return this.start(['edge/main.ts', this.directory], {})
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL')
    await this.shut()
    rmSync(this.directory, { recursive: true, force: true })
  }

  private start([file = '', ...rest]: string[], environment: Record<string, string>): ChildProcess {
    const child = spawn(process.execPath, [join(source, file), ...rest], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', process.env['EK_LOG'] === undefined ? 'ignore' : 'inherit'],
    })
    this.children.push(child)
    return child
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server')
    if (request.method === 'POST') {
      let text = ''
      for await (const chunk of request) text += String(chunk)
      const report = JSON.parse(text) as GatewayReport
      this.reports.set(report.gatewayId, report)
      response.writeHead(204).end()
      return
    }
    const after = Number(url.searchParams.get('after'))
    const current = (): EdgeConfiguration | GatewayConfiguration | undefined => {
      const found = this.configurations.get(url.pathname)
      return found !== undefined && found.generation > after ? found : undefined
    }
    while (current() === undefined && !response.destroyed) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve)
        response.once('close', resolve)
      })
    }
    response.end(JSON.stringify(current()))
  }
}
