import type { RoleCredentials } from '../identity/principal.ts'
import type { EdgeConfiguration, MetadataNews } from '../protocol/edge.ts'
import type { AccessLogFile, GatewayConfiguration, GatewayReport } from '../protocol/gateway.ts'
import type { DoorRoute } from './json-door.ts'

/** Numbered configuration: resolves when there is a newer one than `after`, or with undefined after a while. */
export interface ConfigurationSource {
  edgeConfiguration(after: number, signal: AbortSignal): Promise<EdgeConfiguration | undefined>
  metadataNews(after: number, signal: AbortSignal): Promise<MetadataNews | undefined>
  gatewayConfiguration(
    gatewayId: string,
    after: number,
    signal: AbortSignal,
  ): Promise<GatewayConfiguration | undefined>
  report(gatewayId: string, report: GatewayReport): Promise<void>
  accessLog(gatewayId: string, file: AccessLogFile): Promise<void>
  credentials(instanceId: string): Promise<RoleCredentials | undefined>
}

/** What gateways ask for. */
export type GatewaySource = Pick<
  ConfigurationSource,
  'gatewayConfiguration' | 'report' | 'accessLog'
>

/** What one gateway may ask: its own configuration, and to tell what it sees. Nothing of any other gateway is here. */
export function gatewayRoutes(
  source: GatewaySource,
  gatewayId: string,
): (method: string, path: string) => DoorRoute | undefined {
  return (method, path) => {
    const [, asked, verb] =
      /^\/gateways\/([^/]+)\/(configuration|report|access-log)$/.exec(path) ?? []
    if (asked !== gatewayId) return undefined
    if (method === 'GET' && verb === 'configuration') {
      return ({ query, signal }) =>
        source.gatewayConfiguration(gatewayId, Number(query.get('after') ?? -1), signal)
    }
    if (method === 'POST' && verb === 'report') {
      return async (request) => {
        await source.report(gatewayId, (await request.body()) as GatewayReport)
        return undefined
      }
    }
    if (method === 'POST' && verb === 'access-log') {
      return async (request) => {
        await source.accessLog(gatewayId, (await request.body()) as AccessLogFile)
        return undefined
      }
    }
    return undefined
  }
}

/** What the host's own processes may ask. */
export function processRoutes(
  source: ConfigurationSource,
): (method: string, path: string) => DoorRoute | undefined {
  return (method, path) => {
    if (method !== 'GET') return undefined
    if (path === '/edge/configuration') {
      return ({ query, signal }) =>
        source.edgeConfiguration(Number(query.get('after') ?? -1), signal)
    }
    if (path === '/edge/metadata') {
      return ({ query, signal }) => source.metadataNews(Number(query.get('after') ?? -1), signal)
    }
    const [, instanceId] = /^\/instances\/([^/]+)\/credentials$/.exec(path) ?? []
    if (instanceId !== undefined) return () => source.credentials(instanceId)
    return undefined
  }
}
