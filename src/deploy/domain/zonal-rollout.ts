import { requiredHealthy, type MinimumHealthyHosts } from './minimum-healthy.ts'

/** One availability zone at a time (fact sheet §3.5), in CodeDeploy's words. Durations in seconds. */
export interface ZonalConfig {
  readonly firstZoneMonitorSeconds: number
  readonly monitorSeconds: number
  readonly minimumHealthyHostsPerZone: MinimumHealthyHosts
}

/** What zones need to know of a host. */
export interface ZonalHost {
  readonly zone?: string
  readonly isWaiting: boolean
  readonly isUnderWay: boolean
  readonly isHealthy: boolean
  readonly updatedAt: number
}

export type ZoneTurn =
  /** The zone whose turn it is, how many more of its hosts may be under way, and how many may stop being healthy. */
  | {
      readonly state: 'open'
      readonly zone: string
      readonly room: number
      readonly spare: number
      /** Of its hosts. */
      readonly required: number
      readonly fleet: number
    }
  /** The zone before it is done and watched until then. */
  | { readonly state: 'monitoring'; readonly zone: string; readonly until: number }
  | { readonly state: 'over' }

/** Whose turn it is: zones in the order of their names, each when the one before has been watched long enough. */
export function zoneTurn(config: ZonalConfig, hosts: readonly ZonalHost[], now: number): ZoneTurn {
  const zones = [...new Set(hosts.map((host) => host.zone ?? ''))].toSorted()
  let before: { readonly zone: string; readonly endedAt: number } | undefined
  for (const [index, zone] of zones.entries()) {
    const own = hosts.filter((host) => (host.zone ?? '') === zone)
    if (before && own.every((host) => host.isWaiting)) {
      const isFirst = index === 1
      const seconds = isFirst ? config.firstZoneMonitorSeconds : config.monitorSeconds
      const until = before.endedAt + seconds * 1000
      if (now < until) return { state: 'monitoring', zone: before.zone, until }
    }
    if (own.some((host) => host.isWaiting || host.isUnderWay)) return openZone(config, zone, own)
    before = { zone, endedAt: Math.max(...own.map((host) => host.updatedAt)) }
  }
  return { state: 'over' }
}

function openZone(config: ZonalConfig, zone: string, own: readonly ZonalHost[]): ZoneTurn {
  const required = requiredHealthy(config.minimumHealthyHostsPerZone, own.length)
  const healthy = own.filter((host) => host.isHealthy).length
  const underWay = own.filter((host) => host.isUnderWay).length
  return {
    state: 'open',
    zone,
    room: own.length - required - underWay,
    spare: healthy - required,
    required,
    fleet: own.length,
  }
}
