import type { DataPlane } from '../drivers/node-proxy/index.ts'
import { askInner } from '../drivers/inner-door/index.ts'
import type { AccessLogFile } from '../protocol/gateway.ts'

/** Changes within this time go up as one report. */
const coalesceMilliseconds = 20
/** A report goes up at least so often, so that the server, which forgets, knows again. */
const periodMilliseconds = 2000
const timeoutMilliseconds = 5000
/** A file is synced to disk before it counts as taken. */
const fileMilliseconds = 30_000

/** Brings a file of an access log up. Fails while the server is away or does not take it. */
export async function sendAccessLog(options: {
  readonly gatewayId: string
  readonly socketPath: string
  readonly file: AccessLogFile
}): Promise<void> {
  const { socketPath, gatewayId, file } = options
  const path = `/gateways/${gatewayId}/access-log`
  const asked = { socketPath, method: 'POST', path, body: file } as const
  const { status, body } = await askInner({ ...asked, timeoutMilliseconds: fileMilliseconds })
  if (status !== 204) throw new Error(`answered ${status}: ${body}`)
}

/** Tells the server of every change, and by period. One report is under way at a time; a failed one is told again. */
export function startReporter(options: {
  readonly gatewayId: string
  readonly socketPath: string
  readonly plane: DataPlane
  readonly signal: AbortSignal
}): void {
  const { plane, signal } = options
  let isChanged = true
  let timer: NodeJS.Timeout | undefined
  const plan = (milliseconds: number): void => {
    clearTimeout(timer)
    if (!signal.aborted) timer = setTimeout(() => void send(), milliseconds)
  }
  let isSending = false
  async function send(): Promise<void> {
    isSending = true
    isChanged = false
    try {
      await askInner({
        socketPath: options.socketPath,
        method: 'POST',
        path: `/gateways/${options.gatewayId}/report`,
        body: plane.report(),
        timeoutMilliseconds,
        signal,
      })
    } catch {
      // The server is away; whatever is true by then goes up with the next period.
    }
    isSending = false
    plan(isChanged ? coalesceMilliseconds : periodMilliseconds)
  }
  plane.onChange(() => {
    if (isChanged) return
    isChanged = true
    if (!isSending) plan(coalesceMilliseconds)
  })
  signal.addEventListener('abort', () => clearTimeout(timer))
  plan(0)
}
