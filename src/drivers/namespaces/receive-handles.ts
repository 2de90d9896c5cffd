import { networkNamespacePath } from './paths.ts'
import { startInside } from './start-inside.ts'

/** Starting a Node process takes some 30 ms; a hundred times that means it hangs. */
const doorMillisecondsMax = 10_000

/**
 * Runs a short-lived child inside a VPC's network namespace, to its end. Each socket that it opens there and hands over goes to `take`; the
 * answer is what it complained of.
 */
export async function receiveHandles<Order>(
  at: { readonly runDirectory: string; readonly networkId: string },
  openThere: (order: Order) => void,
  order: Order,
  take: (handle: unknown) => void,
): Promise<string> {
  const namespace = networkNamespacePath(at.runDirectory, at.networkId)
  const child = startInside(namespace, openThere, order)
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  child.on('message', (_message, handle) => take(handle))
  const timer = setTimeout(() => child.kill('SIGKILL'), doorMillisecondsMax)
  await new Promise<void>((resolve) => {
    child.once('error', (cause) => {
      complaint += cause.message
      resolve()
    })
    child.once('close', () => resolve())
  })
  clearTimeout(timer)
  return complaint.trim()
}
