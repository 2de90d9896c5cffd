import type { Instances } from '../compute/instance.ts'
import type { SpotInterruptions } from '../compute/spot-interruptions.ts'
import type { Scope } from '../kernel/scope.ts'
import type { DoorRoute } from './json-door.ts'

export interface InterruptionDeps {
  readonly instances: Pick<Instances, 'list'>
  readonly spot: Pick<SpotInterruptions, 'interrupt'>
  readonly account: string
  readonly region: string
}

interface Asked {
  /** An instance, or a zone: all in it that are on spot and run. */
  readonly target: string
  readonly leadSeconds: number
  readonly noticeSeconds: number
}

/** `POST /interruptions {target, leadSeconds, noticeSeconds}`: the capacity of instances on spot is taken back. */
export function interruptionRoute(deps: InterruptionDeps): DoorRoute {
  return async (request) => {
    const { target, leadSeconds, noticeSeconds } = (await request.body()) as Asked
    const times = {
      leadMilliseconds: leadSeconds * 1000,
      noticeMilliseconds: noticeSeconds * 1000,
    }
    const zone = /^([a-z0-9-]+)[a-c]$/.exec(target)
    const isInstance = target.startsWith('i-')
    if (!isInstance && !zone) throw new Error(`${target} is neither an instance nor a zone`)
    const scope: Scope = {
      account: deps.account,
      region: isInstance ? deps.region : (zone?.[1] ?? deps.region),
    }
    const ids = isInstance ? [target] : await spotIn(deps, scope, target)
    const interrupted = []
    for (const instanceId of ids) {
      const { warnedAt, endsAt } = await deps.spot.interrupt(scope, instanceId, times)
      interrupted.push({
        instanceId,
        warnedAt: new Date(warnedAt).toISOString(),
        endsAt: new Date(endsAt).toISOString(),
      })
    }
    return { interrupted }
  }
}

async function spotIn(
  { instances }: InterruptionDeps,
  scope: Scope,
  zone: string,
): Promise<readonly string[]> {
  const all = await instances.list(scope)
  return all
    .filter(({ value }) => value.zone === zone && value.spot && value.desired === 'running')
    .map((record) => record.id)
}
