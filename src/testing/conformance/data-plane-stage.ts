import type { DataPlane } from '../../balance/data-plane.ts'
import {
  configurationOf,
  freePort,
  startBackend,
  untilHealthy,
  type Backend,
  type BackendScript,
  type PlaneOptions,
} from './data-plane-fixture.ts'

export type Create = (gatewayId: string) => DataPlane

/** Where data planes may differ. */
export interface PlaneTraits {
  /**
   * Refuses all that could be read in two ways, and writes every message anew: versions, the fields that `Connection` names,
   * chunks for HTTP/1.0. Another plane makes one meaning of some of it, and nothing but that goes on.
   */
  readonly isStrict: boolean
}

export const strictPlane: PlaneTraits = { isStrict: true }

export interface Stage {
  readonly plane: DataPlane
  readonly port: number
  readonly backends: readonly Backend[]
  /** The configuration with changes, as the next generation. */
  apply(change: Partial<PlaneOptions>): Promise<void>
}

/** Runs `body` before a data plane with these targets, all healthy, and clears up. */
export async function onStage(
  create: Create,
  scripts: readonly BackendScript[],
  body: (stage: Stage) => Promise<void>,
  options: Partial<PlaneOptions> = {},
): Promise<void> {
  const backends = await Promise.all(scripts.map((script) => startBackend(script)))
  const port = await freePort()
  const plane = create('gw-test')
  let generation = 1
  const apply = (change: Partial<PlaneOptions>): Promise<void> =>
    plane.apply(
      configurationOf({ port, backends, generation: generation++, ...options, ...change }),
    )
  try {
    await apply({})
    await untilHealthy(plane, backends.length)
    await body({ plane, port, backends, apply })
  } finally {
    await plane.close()
    await Promise.all(backends.map((backend) => backend.close()))
  }
}
