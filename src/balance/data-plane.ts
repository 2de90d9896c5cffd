import type { Socket } from 'node:net'
import type { GatewayConfiguration, GatewayHello, GatewayReport } from '../protocol/gateway.ts'

/**
 * The data-plane contract: what carries the requests of one gateway. Fulfilled by `drivers/node-proxy` and `drivers/haproxy`, held to by
 * `testing/conformance/data-plane.ts`.
 */
export interface DataPlane {
  /**
   * Makes it so without dropping a connection that may stay; resolves when new requests follow it. Older generations are
   * ignored.
   */
  apply(configuration: GatewayConfiguration): Promise<void>
  /** Takes a connection that the edge passes on. One that the listener does not allow is closed without an answer. */
  accept(socket: Socket, hello: GatewayHello, firstBytes: Buffer): void
  report(): GatewayReport
  /** Called when a report would differ from the last; may be called often. */
  onChange(listener: () => void): void
  /** Stops listening and closes every connection. */
  close(): Promise<void>
}
