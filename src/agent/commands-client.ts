import { DriverError, reasonOf } from '../kernel/errors.ts'
import { updatesTogether } from './updates-together.ts'
import { signRequest, type Credentials } from './sign-request.ts'

/** Where the endpoint is, and who asks there. */
export interface Endpoint {
  /** `http://127.0.0.1:4566` */
  readonly url: string
  readonly region: string
  /** Of an account: without authentication the account's id itself is enough. */
  credentials(account: string): Promise<Credentials>
}

export interface PolledCommand {
  readonly HostCommandIdentifier: string
  /** The instance's ARN. */
  readonly HostIdentifier: string
  readonly CommandName: string
  /** JSON. */
  readonly Specification: string
}

export interface CommandResult {
  readonly status: 'Succeeded' | 'Failed'
  /** JSON of AWS's agents: `error_code`, `script_name`, `message`, `log`. */
  readonly diagnostics: string
}

/** The host-command service as the agent calls it. Throws a `DriverError`; one that is not retryable was the server's refusal. */
export interface CommandsClient {
  poll(
    hosts: readonly string[],
    running: readonly string[],
    of: { readonly commandsMax: number; readonly signal: AbortSignal },
  ): Promise<readonly PolledCommand[]>
  acknowledge(identifier: string): Promise<string>
  complete(identifier: string, result: CommandResult): Promise<void>
  log(identifier: string, offset: number, text: string): Promise<void>
}

const target = 'CodeDeployCommandService_v20141006'
/** The server holds polls for 18 s; other calls are answered at once. */
const timeoutMilliseconds = 40_000

export function commandsClient(endpoint: Endpoint, account: string): CommandsClient {
  const call = async (
    operation: string,
    input: object,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>> => {
    const url = new URL(`${endpoint.url}/`)
    const body = JSON.stringify(input)
    const headers = signRequest(
      {
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `${target}.${operation}`,
        },
        body,
      },
      {
        region: endpoint.region,
        service: 'codedeploy-commands',
        credentials: await endpoint.credentials(account),
        now: Date.now(),
      },
    )
    const limit = AbortSignal.timeout(timeoutMilliseconds)
    const either = signal ? AbortSignal.any([signal, limit]) : limit
    let response: Response
    let text: string
    try {
      response = await fetch(url, { method: 'POST', headers, body, signal: either })
      text = await response.text()
    } catch (thrown) {
      const message = `${operation} did not reach ${endpoint.url}: ${reasonOf(thrown)}`
      throw new DriverError(message, { retryable: true, cause: thrown })
    }
    if (response.ok) return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
    const isRefusal = response.status >= 400 && response.status < 500 && response.status !== 429
    throw new DriverError(`${operation} was answered ${response.status}: ${text.slice(0, 300)}`, {
      retryable: !isRefusal || text.includes('Signature') || text.includes('Token'),
    })
  }
  const tell = updatesTogether(call)
  return {
    async poll(HostIdentifiers, RunningCommandIdentifiers, of) {
      const input = { HostIdentifiers, RunningCommandIdentifiers, CommandsMax: of.commandsMax }
      const output = await call('PollHostCommands', input, of.signal)
      return (output['HostCommands'] ?? []) as readonly PolledCommand[]
    },
    async acknowledge(HostCommandIdentifier) {
      const Diagnostics = { Format: 'JSON', Payload: '{"IsCommandNoop":false,"IsResumed":true}' }
      return tell({ HostCommandIdentifier, CommandStatus: 'InProgress', Diagnostics })
    },
    async complete(HostCommandIdentifier, { status, diagnostics }) {
      const Diagnostics = { Format: 'JSON', Payload: diagnostics }
      await tell({ HostCommandIdentifier, CommandStatus: status, Diagnostics })
    },
    async log(HostCommandIdentifier, Offset, Text) {
      await call('PutHostCommandLogs', { HostCommandIdentifier, Offset, Text })
    },
  }
}
