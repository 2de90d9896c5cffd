import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gateways } from '../balance/records.ts'
import { reasonOf } from '../kernel/errors.ts'
import { sockets } from '../protocol/run-directory.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { openDoor } from './json-door.ts'
import { gatewayRoutes, type GatewaySource } from './process-doors.ts'

/** After a door could not be opened or the records not be read. */
const againMilliseconds = 500

/**
 * A door for each gateway, in a folder that its machine alone sees: configurations hold private keys, and no machine may read
 * another's. Doors follow the records of gateways.
 */
export async function openGatewayDoors(
  context: Pick<EngineContext, 'store' | 'log' | 'clock'>,
  runDirectory: string,
  source: GatewaySource,
): Promise<{ close(): Promise<void> }> {
  const { store, log, clock } = context
  const doors = new Map<string, { close(): Promise<void> }>()
  let isClosed = false
  let isStale = true
  let following: Promise<void> | undefined

  async function openAndClose(): Promise<void> {
    const wanted = new Set((await store.listAll(gateways)).map(({ id }) => id))
    for (const gatewayId of wanted) {
      if (isClosed || doors.has(gatewayId)) continue
      const path = join(runDirectory, sockets.gatewayControl(gatewayId))
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      doors.set(gatewayId, await openDoor(path, gatewayRoutes(source, gatewayId)))
    }
    for (const [gatewayId, door] of doors) {
      if (wanted.has(gatewayId)) continue
      doors.delete(gatewayId)
      await door.close()
    }
  }

  async function followUntilCurrent(): Promise<void> {
    while (isStale && !isClosed) {
      isStale = false
      try {
        await openAndClose()
      } catch (thrown) {
        isStale = true
        log.write('warn', 'doors for gateways are not all open', { reason: reasonOf(thrown) })
        await clock.sleep(againMilliseconds)
      }
    }
  }

  function follow(): Promise<void> {
    isStale = true
    following ??= followUntilCurrent().finally(() => {
      following = undefined
      if (isStale && !isClosed) void follow()
    })
    return following
  }

  const unwatch = store.watch(gateways, () => void follow())
  await follow()
  return {
    async close() {
      isClosed = true
      unwatch()
      await following
      await Promise.all([...doors.values()].map((door) => door.close()))
    },
  }
}
