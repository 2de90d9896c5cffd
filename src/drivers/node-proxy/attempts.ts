import type { ForwardRoute } from './route.ts'
import type { Upstream } from './upstream.ts'

/** Targets that one request is tried on. */
const attemptsMax = 6

/** What a request was tried on so far. */
export class Attempts {
  private readonly tried = new Set<Upstream>()
  private count = 0

  /** The next target; undefined when there is none, or enough were tried. */
  next(route: Pick<ForwardRoute, 'choose'>): Upstream | undefined {
    const upstream = this.count < attemptsMax ? route.choose(this.tried) : undefined
    if (upstream === undefined) return undefined
    this.count++
    this.tried.add(upstream)
    return upstream
  }

  get isNone(): boolean {
    return this.count === 0
  }

  /** What went wrong was not this target's: it may be tried again. */
  forgive(upstream: Upstream): void {
    this.tried.delete(upstream)
  }

  /** A further round over all of them. */
  startAgain(): void {
    this.count = 0
    this.tried.clear()
  }
}
