/**
 * Names inside the run directory, a short private folder (Unix socket paths hold 107 bytes at most). Its path is in the data
 * directory's `instance.json`.
 */
export const sockets = {
  /** The host process: machine and network commands. */
  host: 'host.sock',
  /** The server's inner door: configuration pulls and reports. */
  server: 'server.sock',
  /** A gateway's door for the edge, in the gateway's own folder. */
  gateway: (gatewayId: string) => `gateways/${gatewayId}/door.sock`,
} as const

/** `instance.json` in the data directory: what every process and command of one installation shares. */
export interface InstallationFile {
  readonly runDirectory: string
  readonly port: number
  readonly sitePort: number
  readonly region: string
  readonly account: string
  readonly driver: 'namespaces' | 'process'
  readonly authentication: 'on' | 'off'
}
