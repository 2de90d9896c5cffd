import type { HostClient } from '../drivers/host-client/index.ts'
import type { Loop } from '../reconcile/loop.ts'
import type { Engines } from './compose.ts'
import type { Stores } from './open-store.ts'

/**
 * Removes every record, machine and network, and keeps the root key: the `reset` of `--auth off`. Nothing reconciles meanwhile, so
 * nothing is made again from what is going away. Resolves when it is so; objects' bytes follow with the sweeper.
 */
export async function resetInstallation(parts: {
  loop: Loop
  engines: Engines
  driver: HostClient
  stores: Stores
}): Promise<void> {
  const { loop, engines, driver, stores } = parts
  await loop.stop()
  try {
    await stores.store.clear()
    await stores.points.clear()
    await stores.messages.clear()
    await stores.events.clear()
    const { machines } = await driver.inventory()
    await Promise.all(machines.map((machine) => driver.terminate(machine.id)))
    const networks = await driver.list()
    await Promise.all(networks.map((network) => driver.remove(network.id)))
    engines.network.forgetHost()
    await engines.identity.firstStartKeys()
  } finally {
    await loop.start()
  }
}
