import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { deliverEvents, type RulePorts } from './deliver-events.ts'
import { EventBus } from './event-bus.ts'
import { RuleCatalogue } from './rule-catalogue.ts'
import { scheduleReconciler } from './schedule-reconciler.ts'

/** Rules over events, of all accounts and regions. Refusals are thrown as `RuleRefusal`. */
export interface Rules {
  readonly catalogue: RuleCatalogue
  readonly bus: EventBus
  readonly reconcilers: readonly Reconciler[]
}

export function createRules(context: EngineContext, ports: RulePorts): Rules {
  return {
    catalogue: new RuleCatalogue(context),
    bus: new EventBus(context),
    reconcilers: [deliverEvents(context, ports), scheduleReconciler(context)],
  }
}
