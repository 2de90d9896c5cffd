import { openAdmin } from '../admin.ts'
import { UsageError, type Command, type CommandCall } from '../command.ts'

const faults: Readonly<Record<string, string | undefined>> = {
  kill: 'killed',
  cut: 'cut',
  pause: 'paused',
  restore: undefined,
}
const usage =
  'zone kill|cut|pause|restore ZONE, zone status, or spot INSTANCE|ZONE [--notice SECONDS] [--lead SECONDS]'

interface ZonesAnswer {
  readonly zones: readonly string[]
  readonly faults: Readonly<Record<string, string>>
}

export const gameday: Command = {
  name: 'gameday',
  summary: 'break a zone on purpose and mend it, or take spot instances back',
  usage,
  flags: {
    notice: {
      kind: 'text',
      help: 'seconds from the warning to the end of a spot instance',
      standard: '120',
    },
    lead: {
      kind: 'text',
      help: 'seconds from the recommendation to rebalance to the warning',
      standard: '0',
    },
  },
  async run(call) {
    const [subject, verb = 'status', zone] = call.positionals
    if (subject === 'spot') return interrupt(call)
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

interface InterruptionsAnswer {
  readonly interrupted: readonly { readonly instanceId: string; readonly endsAt: string }[]
}

async function interrupt(call: CommandCall): Promise<number> {
  const [, target, ...others] = call.positionals
  if (target === undefined || others.length > 0) throw new UsageError(`gameday ${usage}`)
  const answer = await openAdmin(call).post<InterruptionsAnswer>('/interruptions', {
    target,
    noticeSeconds: secondsOf(call, 'notice', 120),
    leadSeconds: secondsOf(call, 'lead', 0),
  })
  const lines = answer.interrupted.map(({ instanceId, endsAt }) => `${instanceId}  ${endsAt}\n`)
  process.stdout.write(call.switched('json') ? `${JSON.stringify(answer)}\n` : lines.join(''))
  return 0
}

function secondsOf(call: CommandCall, flag: string, standard: number): number {
  const seconds = Number(call.text(flag) ?? standard)
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 3600) return seconds
  throw new UsageError(`--${flag} is a whole number of seconds, at most 3600`)
}

function tableOf({ zones, faults: broken }: ZonesAnswer): string {
  const all = [...new Set([...zones, ...Object.keys(broken)])]
  return all.map((zone) => `${zone}  ${broken[zone] ?? 'whole'}\n`).join('')
}
