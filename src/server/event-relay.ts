import { arnOf } from '../kernel/arn.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { EngineEvent, EventPort, Log } from '../kernel/ports.ts'
import type { Rules } from '../rules/create-rules.ts'
import type { JsonObject } from '../topics/domain/pattern.ts'

/** Where engines say what happened. They are made before those who listen, so that listeners come later. */
export class EventRelay implements EventPort {
  readonly #listeners = new Set<(event: EngineEvent) => void>()

  publish(event: EngineEvent): void {
    const told = named(event)
    for (const listener of this.#listeners) listener(told)
  }

  listen(listener: (event: EngineEvent) => void): void {
    this.#listeners.add(listener)
  }
}

/** AWS's events name instances by their ARNs. */
function named(event: EngineEvent): EngineEvent {
  if (event.source !== 'aws.ec2') return event
  const resources = event.resources.map((id) =>
    id.startsWith('i-') ? arnOf('ec2', event.scope, `instance/${id}`) : id,
  )
  return { ...event, resources }
}

/** Puts the platform's own events on the bus. One is lost only when this process dies before its record, or the store refuses it. */
export function ruleListener({ bus }: Rules, log: Log): (event: EngineEvent) => void {
  return ({ scope, source, detailType, resources, detail }) => {
    const saying = { source, detailType, resources, detail: detail as JsonObject }
    bus.put(scope, saying).catch((thrown: unknown) => {
      log.write('warn', 'an event was not recorded', {
        source,
        detailType,
        reason: reasonOf(thrown),
      })
    })
  }
}
