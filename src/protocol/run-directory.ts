/**
 * Names inside the run directory, a short private folder (Unix socket paths hold 107 bytes at most). Its path is in the data
 * directory's `instance.json`.
 */
export const sockets = {
  /** The host process: machine and network commands. */
  host: 'host.sock',
  /** The server's inner door for the host's own processes: edge configuration, role credentials. */
  server: 'server.sock',
  /** The server's door for one gateway, in a folder that holds nothing else: it is shared with that gateway's machine alone. */
  gatewayControl: (gatewayId: string) => `control/${gatewayId}/server.sock`,
  /** The server's door for the person's own commands (`evenkeel status`, `launch`, …): root of every account. */
  admin: 'admin.sock',
  /** A gateway's door for the edge, in the gateway's own folder. */
  gateway: (gatewayId: string) => `gateways/${gatewayId}/door.sock`,
} as const

/** `instance.json` in the data directory: what every process and command of one installation shares. */
export interface InstallationFile {
  readonly runDirectory: string
  readonly port: number
  readonly sitePort: number
  /** Where names of instances and balancers are told on the loopback; absent in files of earlier versions. */
  readonly namePort?: number
  readonly region: string
  readonly account: string
  readonly driver: 'namespaces' | 'process'
  readonly authentication: 'on' | 'off'
  /** Where the archives of commits are fetched from; GitHub's own when absent. */
  readonly gitHubUrl?: string
}
