/** What `evenkeel up` may ask for. The CLI parses flags and `EVENKEEL_*` variables and passes this as one JSON argument. */
export interface ServerOptions {
  readonly dataDirectory: string
  /** 0: any free one. */
  readonly port: number
  /** 0: any free one; absent: `port` + 1. */
  readonly sitePort: number | undefined
  readonly driver: 'auto' | 'namespaces' | 'process'
  /** What carries the balancers' requests; `auto` is the built-in plane. */
  readonly dataPlane: 'auto' | 'builtin' | 'haproxy'
  /** Between two files of a balancer's access log. */
  readonly accessLogSeconds: number
  readonly authentication: 'on' | 'off'
  /** Instead of GitHub's own, where agents fetch the archives of commits. */
  readonly gitHubUrl: string | undefined
  /** `smtp://host:port` or `smtps:`; absent: letters go into a folder of the data directory. */
  readonly mailRelay: string | undefined
  /** A file with one line `USER:PASSWORD`. */
  readonly mailCredentials: string | undefined
  readonly mailFrom: string | undefined
  readonly region: string
  readonly account: string
  readonly strictImages: boolean
  /** Start from nothing: removes what an earlier run left in the data directory. */
  readonly fresh: boolean
}

/** Reads the JSON argument of `main.ts`; our own CLI wrote it, so a wrong one is a bug and throws. */
export function readOptions(argument: string | undefined): ServerOptions {
  const options = JSON.parse(argument ?? '{}') as Partial<ServerOptions>
  if (!options.dataDirectory) throw new Error('usage: main.ts OPTIONS-JSON (see options.ts)')
  return {
    dataDirectory: options.dataDirectory,
    port: options.port ?? 4566,
    sitePort: options.sitePort,
    driver: options.driver ?? 'auto',
    dataPlane: options.dataPlane ?? 'auto',
    accessLogSeconds: options.accessLogSeconds ?? 300,
    authentication: options.authentication ?? 'on',
    gitHubUrl: options.gitHubUrl,
    mailRelay: options.mailRelay,
    mailCredentials: options.mailCredentials,
    mailFrom: options.mailFrom,
    region: options.region ?? 'us-east-1',
    account: options.account ?? '000000000000',
    strictImages: options.strictImages ?? false,
    fresh: options.fresh ?? false,
  }
}
