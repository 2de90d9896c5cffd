import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pullConfiguration, pullNumbered } from '../drivers/inner-door/index.ts'
import { LoopbackRanges } from '../drivers/process/loopback-ranges.ts'
import { warmStart } from '../drivers/warm-start/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import { lineLog } from '../kernel/system/log.ts'
import type { EdgeConfiguration, MetadataNews } from '../protocol/edge.ts'
import { sockets, type InstallationFile } from '../protocol/run-directory.ts'
import { InsideDoors } from './inside-doors.ts'
import { KeptMetadata } from './kept-metadata.ts'
import { LoopbackDoors } from './loopback-doors.ts'
import { MetadataService } from './metadata-service.ts'
import { NameDoors } from './name-doors.ts'
import { openInsideOf, openNamesOf } from './open-inside.ts'
import { RoleCredentialsCache } from './role-credentials.ts'
import { openSessionTokens } from './session-tokens.ts'
import { SecuredSites } from './secured-sites.ts'
import { openSitePort } from './site-port.ts'
import { SiteRouter } from './site-router.ts'
import { TcpDoors } from './tcp-doors.ts'

warmStart()
const [dataDirectory] = process.argv.slice(2)
if (dataDirectory === undefined) throw new Error('usage: edge DATA_DIR')
const installation = JSON.parse(
  readFileSync(join(dataDirectory, 'instance.json'), 'utf8'),
) as InstallationFile
const log = lineLog('edge')
process.on('uncaughtException', (error) => {
  log.write('error', 'unexpected', { reason: reasonOf(error), stack: error.stack })
})

const router = new SiteRouter()
const secured = new SecuredSites((door) => router.isOut(door))
const ports = ['127.0.0.1', '::1'].map((host) =>
  openSitePort(host, installation.sitePort, { router, secured, log }),
)
const serverSocket = join(installation.runDirectory, sockets.server)
const metadata = new MetadataService(
  openSessionTokens(join(dataDirectory, 'edge-token-key.json')),
  new RoleCredentialsCache(serverSocket),
)
const doors =
  installation.driver === 'process'
    ? new LoopbackDoors({ ranges: new LoopbackRanges(dataDirectory), metadata, log })
    : new InsideDoors({
        openInside: openInsideOf(installation),
        metadata,
        endpointPort: installation.port,
        log,
      })
const names = new NameDoors(openNamesOf(installation), log)
if (installation.namePort !== undefined) names.listen(installation.namePort)
const tcp = new TcpDoors((door) => router.isOut(door), log)
const stopped = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stopped.abort()
    for (const port of ports) port.close()
    process.exit(0)
  })
}

const kept = new KeptMetadata(join(dataDirectory, 'edge-metadata'))
function applyMetadata(): void {
  const networks = kept.networks()
  metadata.apply(networks)
  doors.apply(networks)
}
applyMetadata()

await Promise.all([
  pullConfiguration<EdgeConfiguration>(
    {
      socketPath: serverSocket,
      path: '/edge/configuration',
      file: join(dataDirectory, 'edge.json'),
      log,
      apply({ sites, securedSites = [], tcpDoors = [], names: networks = [] }) {
        router.apply(
          sites,
          [...securedSites, ...tcpDoors].flatMap((door) => door.gateways),
        )
        secured.apply(securedSites)
        tcp.apply(tcpDoors)
        names.apply(networks)
      },
    },
    stopped.signal,
  ),
  pullNumbered<MetadataNews>(
    {
      socketPath: serverSocket,
      path: '/edge/metadata',
      from: kept.generation,
      log,
      take(news) {
        kept.take(news)
        applyMetadata()
      },
    },
    stopped.signal,
  ),
])
