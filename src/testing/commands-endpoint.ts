import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { codedeployCommandsService } from '../services/codedeploy-commands/index.ts'
import { AwsError } from '../kernel/errors.ts'
import type { DeployWorldOfTests } from './deploy-world.ts'
import { call } from './fake-request.ts'

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
  const server = createServer((request, response) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const answer = async (): Promise<void> => {
      if (request.method === 'GET') {
        const bundle = bundles.get((request.url ?? '').replace(/^\/[^/]+\//, ''))
        const etag = createHash('md5')
          .update(bundle ?? '')
          .digest('hex')
        response.writeHead(bundle ? 200 : 404, { etag: `"${etag}"` }).end(bundle)
        return
      }
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
      const input = JSON.parse(await text(request)) as object
      try {
        const output = await call(service, operation, input, { signal: gone.signal })
        response.end(JSON.stringify(output))
      } catch (thrown) {
        const isTheirs = thrown instanceof AwsError
        response.writeHead(isTheirs ? 400 : 500).end(JSON.stringify({ message: String(thrown) }))
      }
    }
    void answer()
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
