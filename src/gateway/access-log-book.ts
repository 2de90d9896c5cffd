import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { appendFile, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { AccessLogSink } from '../drivers/node-proxy/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'
import type { AccessLogFile, GatewayConfiguration, ListenerSpec } from '../protocol/gateway.ts'

/** Lines wait in memory for so long, which is what a gateway loses that is killed; as often what is due goes to the server. */
const lookMilliseconds = 1000
/** Of lines that wait in memory, of one file, and of all files of a gateway; AWS too delivers as well as it can. */
const waitingBytesMax = 4 * 1024 * 1024
const fileBytesMax = 8 * 1024 * 1024
const folderBytesMax = 128 * 1024 * 1024

const compress = promisify(gzip)

interface Place {
  readonly balancerId: string
  readonly address: string
  readonly isCompressed: boolean
}

interface OpenLog {
  readonly place: Place
  /** `<name>.open` is written on, `<name>.<end>.<mark>.ready` is to be sent. */
  readonly name: string
  /** Lines, until they are written. */
  waiting: string[]
  waitingBytes: number
  endsAt: number
  periodMilliseconds: number
}

export interface AccessLogBookOptions {
  /** Outlives the gateway's machine. */
  readonly folder: string
  readonly log: Log
  /** Rejects when it is to be sent again. */
  send(file: AccessLogFile): Promise<void>
}

/**
 * Keeps the lines of access logs in files until the server has them: within a second on disk, a file for each balancer and period, each
 * sent until it is taken. Memory and disk are bounded; what is beyond is dropped, and told.
 */
export class AccessLogBook implements AccessLogSink {
  private readonly options: AccessLogBookOptions
  private readonly logs = new Map<string, OpenLog>()
  private folderBytes = 0
  private dropped = 0
  /** Why files wait was told, and they have waited since. */
  private isTold = false
  private working: Promise<void> | undefined
  private readonly timer: NodeJS.Timeout

  constructor(options: AccessLogBookOptions) {
    this.options = options
    mkdirSync(options.folder, { recursive: true, mode: 0o700 })
    for (const file of readdirSync(options.folder)) {
      this.folderBytes += statSync(join(options.folder, file)).size
      // Whoever wrote it is gone: it is finished with the next look, unless it is written on before.
      if (file.endsWith('.open')) this.adopt(file.slice(0, -'.open'.length))
    }
    this.timer = setInterval(() => void this.look(), lookMilliseconds)
  }

  private adopt(name: string): void {
    const place = placeIn(name)
    if (place === undefined) return
    this.logs.set(name, openLog(place, name, Date.now()))
  }

  write(listener: ListenerSpec, line: string): void {
    const { accessLog, balancerId, address } = listener
    if (accessLog === undefined) return
    const isCompressed = accessLog.form !== 'classic'
    const place = { balancerId, address, isCompressed }
    const name = nameOf(place)
    let open = this.logs.get(name)
    const periodMilliseconds = accessLog.periodSeconds * 1000
    if (open === undefined) {
      this.logs.set(name, (open = openLog(place, name, nextEnd(periodMilliseconds))))
    }
    open.periodMilliseconds = periodMilliseconds
    const isFull =
      open.waitingBytes + line.length > waitingBytesMax || this.folderBytes > folderBytesMax
    if (isFull) {
      this.dropped++
      return
    }
    open.waiting.push(line)
    open.waitingBytes += line.length + 1
  }

  /** Balancers whose requests are not recorded any more have their last file now. */
  follow({ listeners }: GatewayConfiguration): void {
    const recorded = new Set(
      listeners.flatMap((one) => (one.accessLog === undefined ? [] : [one.balancerId])),
    )
    for (const open of this.logs.values()) {
      if (!recorded.has(open.place.balancerId)) open.endsAt = Math.min(open.endsAt, Date.now())
    }
  }

  /** Writes what waits; what is not sent yet is sent by whoever comes next. */
  async close(): Promise<void> {
    clearInterval(this.timer)
    await this.working
    await this.flush()
  }

  /** Writes, finishes and sends what is due; one at a time. */
  look(): Promise<void> {
    this.working ??= this.work()
      .then(() => {
        this.isTold = false
      })
      .catch((thrown: unknown) => {
        const fields = { reason: reasonOf(thrown) }
        if (!this.isTold) this.options.log.write('warn', 'access logs wait', fields)
        this.isTold = true
      })
      .finally(() => {
        this.working = undefined
      })
    return this.working
  }

  private async work(): Promise<void> {
    await this.flush()
    const now = Date.now()
    for (const open of this.logs.values()) await this.finish(open, now)
    if (this.dropped > 0) {
      this.options.log.write('warn', 'lines of access logs were dropped', { lines: this.dropped })
      this.dropped = 0
    }
    await this.sendAll()
  }

  private async flush(): Promise<void> {
    for (const open of this.logs.values()) {
      const { waiting } = open
      if (waiting.length === 0) continue
      open.waiting = []
      open.waitingBytes = 0
      const text = `${waiting.join('\n')}\n`
      await appendFile(this.pathOf(`${open.name}.open`), text, { mode: 0o600 })
      this.folderBytes += text.length
    }
  }

  /** Closes a file whose period is over, or that is long enough. */
  private async finish(open: OpenLog, now: number): Promise<void> {
    const path = this.pathOf(`${open.name}.open`)
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    )
    const isOver = now >= open.endsAt
    if (!isOver && size < fileBytesMax) return
    if (size > 0) {
      const mark = randomBytes(4).toString('hex')
      const endedAt = isOver ? open.endsAt : now
      await rename(path, this.pathOf(`${open.name}.${endedAt}.${mark}.ready`))
    }
    if (isOver && open.waiting.length === 0) this.logs.delete(open.name)
    else if (isOver) open.endsAt = nextEnd(open.periodMilliseconds)
  }

  private async sendAll(): Promise<void> {
    for (const file of readdirSync(this.options.folder)) {
      if (!file.endsWith('.ready')) continue
      const [name = '', endedAt = '', mark = ''] = file.split('.')
      const place = placeIn(name)
      const path = this.pathOf(file)
      const text = await readFile(path)
      if (place !== undefined) {
        const bytes = place.isCompressed ? await compress(text) : text
        const { balancerId, address } = place
        const content = bytes.toString('base64')
        await this.options.send({ balancerId, address, endedAt: Number(endedAt), mark, content })
      }
      await rm(path)
      this.folderBytes -= text.length
    }
  }

  private pathOf(file: string): string {
    return join(this.options.folder, file)
  }
}

function openLog(place: Place, name: string, endsAt: number): OpenLog {
  return { place, name, waiting: [], waitingBytes: 0, endsAt, periodMilliseconds: 0 }
}

/** The end of a period that is under way; periods begin at whole multiples of themselves, as AWS's do. */
function nextEnd(periodMilliseconds: number): number {
  return (Math.floor(Date.now() / periodMilliseconds) + 1) * periodMilliseconds
}

function nameOf({ balancerId, address, isCompressed }: Place): string {
  return Buffer.from(JSON.stringify([balancerId, address, isCompressed])).toString('base64url')
}

function placeIn(name: string): Place | undefined {
  try {
    const [balancerId, address, isCompressed] = JSON.parse(
      Buffer.from(name, 'base64url').toString(),
    ) as [string, string, boolean]
    return { balancerId, address, isCompressed }
  } catch {
    return undefined
  }
}
