/** How many hosts of a deployment must stay healthy, in CodeDeploy's words. `MOST_CONCURRENCY` is AWS's own, for OneAtATime. */
export interface MinimumHealthyHosts {
  readonly type: 'HOST_COUNT' | 'FLEET_PERCENT' | 'MOST_CONCURRENCY'
  readonly value: number
}

/** Of `fleet` hosts, how many must stay healthy: the count itself, or the percentage rounded up (fact sheet §3.5). */
export function requiredHealthy(minimum: MinimumHealthyHosts, fleet: number): number {
  switch (minimum.type) {
    case 'HOST_COUNT':
      return minimum.value
    case 'FLEET_PERCENT':
      return Math.ceil((minimum.value * fleet) / 100)
    case 'MOST_CONCURRENCY':
      return Math.max(0, fleet - minimum.value)
  }
}

/** The arithmetic in words, for messages: `at least 2 of 3 hosts must stay healthy (FLEET_PERCENT 50)`. */
export function describeMinimum(minimum: MinimumHealthyHosts, fleet: number): string {
  const required = requiredHealthy(minimum, fleet)
  const rule =
    minimum.type === 'MOST_CONCURRENCY'
      ? `${minimum.value} at a time`
      : `${minimum.type} ${minimum.value}`
  return `at least ${required} of ${fleet} ${fleet === 1 ? 'host' : 'hosts'} must stay healthy (${rule})`
}
