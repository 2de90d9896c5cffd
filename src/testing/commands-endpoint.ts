import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { codedeployCommandsService } from '../services/codedeploy-commands/index.ts'
import { silentLog } from '../kernel/ports.ts'
import { systemClock } from '../kernel/system/clock.ts'
import { systemRandom } from '../kernel/system/random.ts'
import { createWire } from '../wire/create-wire.ts'
import { deployScope, type DeployWorldOfTests } from './deploy-world.ts'

export interface CommandsEndpoint {
  readonly url: string
  /** Bundles by key; every bucket has them. */
  readonly bundles: Map<string, Buffer>
  close(): Promise<void>
}

/** The host-command service of a deploy world, and its bundles, on a loopback port: what an agent needs of an endpoint. */
export async function commandsEndpoint(world: DeployWorldOfTests): Promise<CommandsEndpoint> {
  const service = codedeployCommandsService({ deploy: world.deploy })
  const bundles = new Map<string, Buffer>()
  const wire = createWire({
    services: [service],
    authentication: 'off',
    credentials: { find: async () => undefined } as never,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    defaults: deployScope,
  })
  const server = createServer((request, response) => {
    if (request.method !== 'GET') return void wire.handle(request, response)
    const bundle = bundles.get((request.url ?? '').replace(/^\/[^/]+\//, ''))
    const etag = createHash('md5')
      .update(bundle ?? '')
      .digest('hex')
    response.writeHead(bundle ? 200 : 404, { etag: `"${etag}"` }).end(bundle)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bundles,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
