import { join } from 'node:path'
import type { ComputeDriver } from '../compute/driver.ts'
import { systemRandom } from '../kernel/system/random.ts'
import { sockets } from '../protocol/run-directory.ts'
import { adminRoutes, callAsRoot, type AdminDeps } from './admin-door.ts'
import type { Engines } from './compose.ts'
import type { Faces } from './faces.ts'
import { openGatewayDoors } from './gateway-doors.ts'
import { deploymentPlan } from './deployment-plan.ts'
import { openDoor } from './json-door.ts'
import type { ServerOptions } from './options.ts'
import { packageVersion } from './package-version.ts'
import { platformStatus } from './platform-status.ts'
import type { Prepared } from './prepare-installation.ts'
import { processRoutes, type ConfigurationSource } from './process-doors.ts'

/** Opens the Unix sockets of the server: for the edge, for each gateway, for the person's commands. */
export async function openDoors(parts: {
  prepared: Prepared
  options: ServerOptions
  engines: Engines
  faces: Faces
  driver: ComputeDriver
}): Promise<{ close(): Promise<void> }> {
  const { prepared, engines } = parts
  const source: ConfigurationSource = {
    edgeConfiguration: (after, signal) => engines.balance.edgeConfiguration(after, signal),
    metadataNews: (after, signal) => engines.compute.metadataFeed.news(after, signal),
    gatewayConfiguration: (id, after, signal) =>
      engines.balance.gatewayConfiguration(id, after, signal),
    report: (id, report) => engines.balance.report(id, report),
    accessLog: (id, file) => engines.balance.accessLogs.deliver(id, file),
    credentials: (instanceId) => engines.compute.metadata.credentials(instanceId),
  }
  const at = (name: string): string => join(prepared.runDirectory, name)
  const doors = await Promise.all([
    openDoor(at(sockets.server), processRoutes(source)),
    openGatewayDoors(engines.context, prepared.runDirectory, source),
    openDoor(at(sockets.admin), adminRoutes(adminDeps(parts))),
  ])
  return {
    close: async () => {
      await Promise.all(doors.map((door) => door.close()))
    },
  }
}

function adminDeps(parts: Parameters<typeof openDoors>[0]): AdminDeps {
  const { prepared, options, engines, faces, driver } = parts
  const { account, region } = options
  const deps: AdminDeps = {
    services: faces.services,
    driver,
    zones: engines.compute.zones,
    instances: engines.compute.instances,
    spot: engines.compute.spot,
    images: engines.compute.disks,
    random: systemRandom,
    account,
    region,
    host: `127.0.0.1:${prepared.port}`,
    status: async () => ({
      version: packageVersion,
      pid: process.pid,
      driver: prepared.driver,
      lacks: prepared.lacks,
      endpoint: `http://127.0.0.1:${prepared.port}`,
      sitePort: prepared.sitePort,
      namePort: prepared.namePort,
      ...(await platformStatus(
        (service, operation, input) => callAsRoot(deps, { service, operation }, input),
        prepared.sitePort,
      )),
    }),
    deploymentPlan: (at) => deploymentPlan(engines.deploy, { account, region }, at),
    deploymentLog: async ({ deploymentId, targetId, event }) => {
      const logs = await engines.deploy.logs({ account, region }, deploymentId)
      return logs.find((log) => log.id === `${deploymentId}/${targetId}/${event}`)?.text
    },
  }
  return deps
}
