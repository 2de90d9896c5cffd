import type { TrafficCounts } from '../../protocol/gateway.ts'

type Counts = { -readonly [Name in keyof TrafficCounts]: TrafficCounts[Name] }

/** Answers that have a count of their own. */
const countedAlone: Readonly<
  Record<number, 'status500' | 'status502' | 'status503' | 'status504'>
> = { 500: 'status500', 502: 'status502', 503: 'status503', 504: 'status504' }

/** Counts what goes through one listener: by target group, and what is the balancer's own. */
export class TrafficMeter {
  private readonly balancerId: string
  private readonly counts = new Map<string, Counts>()
  private readonly own: Counts

  constructor(balancerId: string) {
    this.balancerId = balancerId
    this.own = noTraffic(balancerId)
  }

  /** A request is sent on to a group. */
  request(targetGroupId: string): void {
    this.of(targetGroupId).requests++
  }

  /** A target's answer has begun, so many milliseconds after its request. */
  answer(targetGroupId: string, status: number, milliseconds: number): void {
    const counts = this.of(targetGroupId)
    counts.answers++
    counts.answerSeconds += milliseconds / 1000
    if (status < 300) counts.status2xx++
    else if (status < 400) counts.status3xx++
    else if (status < 500) counts.status4xx++
    else counts.status5xx++
  }

  /** The balancer answered by itself. */
  respond(status: number): void {
    if (status < 300) this.own.status2xx++
    else if (status < 400) this.own.status3xx++
    else if (status < 500) this.own.status4xx++
    else this.own.status5xx++
    const counted = countedAlone[status]
    if (counted !== undefined) this.count(counted)
  }

  /** A rule answered. */
  ruled(by: 'fixed-response' | 'redirect'): void {
    this.count(by === 'redirect' ? 'redirects' : 'fixedResponses')
  }

  /** A request was not as RFC 7230 wants it. */
  strange(): void {
    this.count('nonCompliant')
  }

  connect(): void {
    this.own.connections++
  }

  disconnect(bytes: number): void {
    this.own.bytes += bytes
  }

  /** With those connections that stand. */
  report(active: readonly { readonly bytes: number }[]): readonly TrafficCounts[] {
    const bytes = active.reduce((sum, connection) => sum + connection.bytes, this.own.bytes)
    return [{ ...this.own, activeConnections: active.length, bytes }, ...this.counts.values()]
  }

  private count(name: Exclude<keyof TrafficCounts, 'balancerId' | 'targetGroupId'>): void {
    this.own[name] = (this.own[name] ?? 0) + 1
  }

  private of(targetGroupId: string): Counts {
    let counts = this.counts.get(targetGroupId)
    if (counts === undefined) {
      counts = { ...noTraffic(this.balancerId), targetGroupId }
      this.counts.set(targetGroupId, counts)
    }
    return counts
  }
}

function noTraffic(balancerId: string): Counts {
  return {
    ...{ balancerId, requests: 0, answers: 0, answerSeconds: 0 },
    ...{ status2xx: 0, status3xx: 0, status4xx: 0, status5xx: 0 },
    ...{ connections: 0, activeConnections: 0, bytes: 0 },
  }
}
