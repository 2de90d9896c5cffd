import type { NetworkSpec, NetworkStatus } from '../protocol/network.ts'

/** The network contract. Failures are `DriverError`s. Fulfilled by `drivers/*`, faked by `testing/fake-network.ts`. */
export interface NetworkDriver {
  /** Makes the VPC so. Resolves when addresses, routes and security rules are in force; an older generation is refused. */
  apply(spec: NetworkSpec): Promise<void>
  /** Removes the VPC's namespace and all in it. Removing what is not there succeeds. */
  remove(networkId: string): Promise<void>
  /** Complete, or it throws. */
  list(): Promise<readonly NetworkStatus[]>
}
