import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { metadataAddress } from '../protocol/network.ts'

/** What a tool says when it cannot do what it was asked; shown to its caller, who may be a script. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure'
}

/** The machine as its tools see it. */
export interface MachineContext {
  /** Empty in a machine with a root of its own; the machine's folder under the process driver. */
  readonly root: string
  /** Of the AWS endpoint, without a slash at its end. */
  readonly endpoint: string
  /** Of instance metadata. */
  readonly metadataEndpoint: string
  /** A path of the machine as this process can open it. */
  path(machinePath: string): string
  /** Writes a line to the tool's log. */
  log(line: string, level?: 'INFO' | 'ERROR'): void
}

/** The port at which the edge joins machines to the endpoint. */
const endpointPort = 4566

export function machineContext(
  environment: NodeJS.ProcessEnv,
  options: { readonly logFile: string; readonly url?: string | undefined },
): MachineContext {
  const root = environment['EVENKEEL_ROOT'] ?? ''
  const own =
    environment['AWS_ENDPOINT_URL_CLOUDFORMATION'] ??
    environment['AWS_ENDPOINT_URL'] ??
    `http://${metadataAddress}:${endpointPort}`
  const isElsewhere = options.url !== undefined && !isAmazons(options.url)
  const logPath = join(root, options.logFile)
  return {
    root,
    endpoint: (isElsewhere ? (options.url ?? own) : own).replace(/\/+$/, ''),
    metadataEndpoint:
      environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? `http://${metadataAddress}`,
    path: (machinePath) => (root === '' ? machinePath : join(root, machinePath)),
    log(line, level = 'INFO') {
      mkdirSync(dirname(logPath), { recursive: true })
      appendFileSync(logPath, `${new Date().toISOString()} [${level}] ${line}\n`)
    },
  }
}

function isAmazons(url: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(new URL(url).hostname)
}
