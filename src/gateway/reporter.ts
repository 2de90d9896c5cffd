import type { DataPlane } from '../drivers/node-proxy/index.ts'
import { askInner } from '../drivers/inner-door/index.ts'

/** Changes within this time go up as one report. */
const coalesceMilliseconds = 20
/** A report goes up at least so often, so that the server, which forgets, knows again. */
const periodMilliseconds = 2000
const timeoutMilliseconds = 5000

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
