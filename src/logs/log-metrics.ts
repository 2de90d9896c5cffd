import type { Scope } from '../kernel/scope.ts'
import type { Measured } from './domain/measure-events.ts'

/** Where metric filters write. `server` wires it to the engine of metrics. */
export interface LogMetrics {
  /** Resolves when the values are on disk. */
  put(scope: Scope, values: readonly Measured[]): Promise<void>
}
