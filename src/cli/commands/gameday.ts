import { openAdmin } from '../admin.ts'
import { UsageError, type Command } from '../command.ts'

const faults: Readonly<Record<string, string | undefined>> = {
  kill: 'killed',
  cut: 'cut',
  pause: 'paused',
  restore: undefined,
}
const usage = 'zone kill|cut|pause|restore ZONE, or zone status'

interface ZonesAnswer {
  readonly zones: readonly string[]
  readonly faults: Readonly<Record<string, string>>
}

export const gameday: Command = {
  name: 'gameday',
  summary: 'break a zone on purpose, and mend it',
  usage,
  flags: {},
  async run(call) {
    const [subject, verb = 'status', zone] = call.positionals
    const isKnown =
      verb === 'status' ? zone === undefined : Object.hasOwn(faults, verb) && zone !== undefined
    if (subject !== 'zone' || !isKnown) throw new UsageError(`gameday ${usage}`)
    const admin = openAdmin(call)
    const fault = faults[verb]
    const answer =
      verb === 'status'
        ? await admin.get<ZonesAnswer>('/zones')
        : await admin.post<ZonesAnswer>('/zones', { zone, ...(fault !== undefined && { fault }) })
    process.stdout.write(call.switched('json') ? `${JSON.stringify(answer)}\n` : tableOf(answer))
    return 0
  },
}

function tableOf({ zones, faults: broken }: ZonesAnswer): string {
  const all = [...new Set([...zones, ...Object.keys(broken)])]
  return all.map((zone) => `${zone}  ${broken[zone] ?? 'whole'}\n`).join('')
}
