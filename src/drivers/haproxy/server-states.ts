import type {
  GatewayConfiguration,
  ListenerSpec,
  TargetGroupSpec,
  TargetHealth,
} from '../../protocol/gateway.ts'
import { CarriedTraffic } from './carried-traffic.ts'
import { groupsOf } from './carries.ts'
import { configurationText, filesOf } from './configuration-text.ts'
import type { HaproxyProcess } from './haproxy-process.ts'
import { backendName, markOf, variantsOf } from './names.ts'
import { readStatistics, sayToHaproxy } from './runtime-api.ts'
import { openTargets, ServerSlots, type Slot } from './server-slots.ts'

/** What the servers of HAProxy's backends are to be, what each process was told, and what is under way to them. */
export class ServerStates {
  hasDraining = false
  requestCount = 0
  readonly traffic = new CarriedTraffic()
  private readonly groups = new Map<string, ServerSlots>()
  /** The backends that each group has. */
  private backends = new Map<string, readonly string[]>()
  /** By process: what was said last of each server. */
  private readonly told = new Map<string, Map<string, string>>()
  /** By `<group> <target>`. */
  private underWay = new Map<string, number>()
  /** Sessions that a frontend had when it was looked at last, by process. */
  private readonly seen = new Map<string, number>()

  slotsOf(groupId: string): readonly Slot[] {
    return this.groups.get(groupId)?.slots ?? []
  }

  /** Gives every target its server. */
  place(
    configuration: GatewayConfiguration,
    listeners: readonly ListenerSpec[],
    health: readonly TargetHealth[],
  ): void {
    const backends = new Map<string, string[]>()
    const served = new Map<string, TargetGroupSpec>()
    for (const listener of listeners) {
      for (const group of groupsOf(listener, configuration)) {
        served.set(group.id, group)
        const names = variantsOf(listener).map((variant) =>
          backendName(markOf(listener.id), markOf(group.id), variant),
        )
        backends.set(group.id, [...(backends.get(group.id) ?? []), ...names])
      }
    }
    this.backends = backends
    this.traffic.place(listeners, (listener) => groupsOf(listener, configuration))
    for (const id of this.groups.keys()) if (!served.has(id)) this.groups.delete(id)
    for (const group of served.values()) this.placeGroup(group, health)
    this.hasDraining = [...served.values()].some(({ targets }) =>
      targets.some((target) => target.state === 'draining'),
    )
  }

  private placeGroup(group: TargetGroupSpec, health: readonly TargetHealth[]): void {
    let slots = this.groups.get(group.id)
    if (slots === undefined) this.groups.set(group.id, (slots = new ServerSlots()))
    const present = group.targets.filter((target) => target.state !== 'gone')
    slots.place(present)
    const open = openTargets(group, health)
    for (const slot of slots.slots) slot.isOpen = open.has(slot.targetId ?? '')
  }

  /** All that takes a new process when it changes. */
  structureOf(configuration: GatewayConfiguration, listeners: readonly ListenerSpec[]): string {
    const plan = { configuration, listeners, folder: '', doors: '', slotsOf: () => [] }
    const counts = [...this.groups].map(([id, { slots }]) => [id, slots.length])
    return JSON.stringify([configurationText(plan), [...filesOf(plan)], counts])
  }

  /** A process that begins knows all from its configuration. */
  toldAll(folder: string): void {
    this.told.set(folder, new Map(this.wanted().map(({ key, text }) => [key, text])))
  }

  forget(folder: string): void {
    this.told.delete(folder)
    this.traffic.forget(folder)
    for (const key of this.seen.keys()) if (key.startsWith(`${folder} `)) this.seen.delete(key)
  }

  private wanted(): { key: string; text: string; commands: readonly string[] }[] {
    return [...this.groups].flatMap(([groupId, { slots }]) =>
      (this.backends.get(groupId) ?? []).flatMap((backend) =>
        slots.map((slot) => {
          const key = `${backend}/${slot.name}`
          const isFree = slot.targetId === undefined
          return {
            key,
            text: JSON.stringify([slot.targetId, slot.address, slot.port, slot.isOpen]),
            commands: isFree ? closingCommands(key) : openingCommands(key, slot),
          }
        }),
      ),
    )
  }

  /** Says what differs from what was said last. */
  async tell(process: HaproxyProcess): Promise<void> {
    const told = this.told.get(process.folder)
    if (told === undefined) return
    const news = this.wanted().filter(({ key, text }) => told.get(key) !== text)
    if (news.length === 0) return
    await sayToHaproxy(
      process.socketPath,
      news.flatMap(({ commands }) => commands),
    )
    for (const { key, text } of news) told.set(key, text)
  }

  /** Requests and connections under way to a target. */
  inFlight({ targetGroupId, targetId }: TargetHealth): number {
    return this.underWay.get(`${targetGroupId} ${targetId}`) ?? 0
  }

  /** Counts anew; true when something differs. */
  async look(process: HaproxyProcess): Promise<boolean> {
    const counts = new Map<string, number>()
    try {
      const csv = await sayToHaproxy(process.socketPath, ['show stat -1 7 -1'])
      const rows = readStatistics(csv)
      this.count(process, rows, counts)
      this.traffic.take(process.folder, rows)
    } catch {
      // A process that is about to end does not answer; what was seen last stands until the next one does.
      return false
    }
    const owners = new Map<string, string>()
    for (const [groupId, { slots }] of this.groups) {
      for (const backend of this.backends.get(groupId) ?? []) {
        for (const { name, targetId } of slots) {
          if (targetId !== undefined) owners.set(`${backend}/${name}`, `${groupId} ${targetId}`)
        }
      }
    }
    const underWay = new Map<string, number>()
    for (const [key, count] of counts) {
      const owner = owners.get(key)
      if (owner !== undefined && count > 0) underWay.set(owner, (underWay.get(owner) ?? 0) + count)
    }
    const isNews = JSON.stringify([...underWay]) !== JSON.stringify([...this.underWay])
    this.underWay = underWay
    return isNews
  }

  private count(
    process: HaproxyProcess,
    rows: readonly ReadonlyMap<string, string>[],
    counts: Map<string, number>,
  ): void {
    for (const row of rows) {
      const name = row.get('svname') ?? ''
      const proxy = row.get('pxname') ?? ''
      if (name === 'FRONTEND') {
        const total = Number(row.get('req_tot') || row.get('stot') || 0)
        const key = `${process.folder} ${proxy}`
        this.requestCount += Math.max(0, total - (this.seen.get(key) ?? 0))
        this.seen.set(key, total)
      } else if (name !== 'BACKEND') {
        const key = `${proxy}/${name}`
        counts.set(key, (counts.get(key) ?? 0) + Number(row.get('scur') || 0))
      }
    }
  }
}

function openingCommands(key: string, slot: Slot): readonly string[] {
  const place = `set server ${key} addr ${slot.address} port ${slot.port}`
  return slot.isOpen
    ? [place, `set server ${key} state ready`, `set server ${key} health up`]
    : [`set server ${key} state maint`]
}

/** Nobody owns it any more: what is under way to it ends. */
function closingCommands(key: string): readonly string[] {
  return [`set server ${key} state maint`, `shutdown sessions server ${key}`]
}
