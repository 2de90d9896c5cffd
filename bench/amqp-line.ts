import type { Socket } from 'node:net'
import { connected } from './peer-sockets.ts'

const frameEnd = 0xce
const methodFrame = 1
const headerFrame = 2
const bodyFrame = 3

/** Class and method in one number, as the protocol's tables have them. */
const methods = {
  start: 0x0a000a,
  startOk: 0x0a000b,
  tune: 0x0a001e,
  tuneOk: 0x0a001f,
  open: 0x0a0028,
  openOk: 0x0a0029,
  channelOpen: 0x14000a,
  channelOpenOk: 0x14000b,
  declare: 0x32000a,
  declareOk: 0x32000b,
  qos: 0x3c000a,
  qosOk: 0x3c000b,
  consume: 0x3c0014,
  consumeOk: 0x3c0015,
  deliver: 0x3c003c,
  ack: 0x3c0050,
  confirm: 0x55000a,
  confirmOk: 0x55000b,
} as const

/** A consumer that gets nothing for so long takes what it has. */
const emptyMilliseconds = 100

/** A connection with one channel that confirms what is published. */
export async function openAmqp(port: number): Promise<AmqpLine> {
  const line = new AmqpLine(await connected(port))
  await line.open()
  return line
}

/** As much of AMQP 0-9-1 as a bench of a queue needs: confirmed publishing, and consuming with acknowledgements. */
export class AmqpLine {
  readonly #socket: Socket
  readonly #replies = new Map<number, () => void>()
  #rest: Buffer = Buffer.alloc(0)
  #published = 0
  /** All up to here, and these beyond it. */
  #confirmed = 0
  readonly #confirmedAhead = new Set<number>()
  #onConfirm: (() => void) | undefined
  readonly #delivered: bigint[] = []
  #onDelivery: (() => void) | undefined
  #isConsuming = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (piece: Buffer) => this.#read(piece))
  }

  async open(): Promise<void> {
    const started = this.#reply(methods.start)
    this.#socket.write(Buffer.from('AMQP\0\0\x09\x01', 'latin1'))
    await started
    const login = [table(), short('PLAIN'), long('\0guest\0guest'), short('en_US')]
    await this.#ask(methods.startOk, methods.tune, 0, ...login)
    this.#tell(methods.tuneOk, 0, Buffer.from([0, 8, 0, 2, 0, 0, 0, 0]))
    await this.#ask(methods.open, methods.openOk, 0, short('/'), short(''), octet(0))
    await this.#ask(methods.channelOpen, methods.channelOpenOk, 1, short(''))
    await this.#ask(methods.confirm, methods.confirmOk, 1, octet(0))
  }

  async declareQueue(name: string, type: 'quorum' | 'classic'): Promise<void> {
    const durable = octet(2)
    const args = [reserved, short(name), durable, table(['x-queue-type', type])]
    await this.#ask(methods.declare, methods.declareOk, 1, ...args)
  }

  /** Resolves when the broker has confirmed every one of them. */
  async publish(queue: string, bodies: readonly string[]): Promise<void> {
    this.#socket.write(Buffer.concat(bodies.map((body) => publication(queue, body))))
    this.#published += bodies.length
    const last = this.#published
    await new Promise<void>((resolve) => {
      this.#onConfirm = () => {
        if (this.#confirmed >= last) resolve()
      }
      this.#onConfirm()
    })
  }

  /** Waits for up to `most` deliveries, and acknowledges them. */
  async take(queue: string, most: number): Promise<number> {
    if (!this.#isConsuming) await this.#consume(queue, most)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, emptyMilliseconds)
      this.#onDelivery = () => {
        if (this.#delivered.length < most) return
        clearTimeout(timer)
        resolve()
      }
      this.#onDelivery()
    })
    const tags = this.#delivered.splice(0, most)
    const last = tags.at(-1)
    if (last === undefined) return 0
    const upTo = Buffer.alloc(9, 1)
    upTo.writeBigUInt64BE(last)
    this.#tell(methods.ack, 1, upTo)
    return tags.length
  }

  close(): void {
    this.#socket.destroy()
  }

  async #consume(queue: string, prefetch: number): Promise<void> {
    this.#isConsuming = true
    const few = Buffer.from([0, 0, 0, 0, 0, prefetch, 0])
    await this.#ask(methods.qos, methods.qosOk, 1, few)
    const consumer = [reserved, short(queue), short(''), octet(0), table()]
    await this.#ask(methods.consume, methods.consumeOk, 1, ...consumer)
  }

  #read(piece: Buffer): void {
    let rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece
    while (rest.length >= 8) {
      const size = rest.readUInt32BE(3)
      if (rest.length < size + 8) break
      const payload = rest.subarray(7, 7 + size)
      if (rest[0] === methodFrame) this.#received(payload)
      rest = rest.subarray(size + 8)
    }
    this.#rest = rest
  }

  #received(payload: Buffer): void {
    const id = payload.readUInt32BE(0)
    const args = payload.subarray(4)
    if (id === methods.ack) this.#confirm(Number(args.readBigUInt64BE(0)), args[8] === 1)
    else if (id === methods.deliver) {
      this.#delivered.push(args.readBigUInt64BE(1 + (args[0] ?? 0)))
      this.#onDelivery?.()
    } else this.#replies.get(id)?.()
  }

  #confirm(tag: number, isMultiple: boolean): void {
    if (isMultiple) this.#confirmed = Math.max(this.#confirmed, tag)
    else this.#confirmedAhead.add(tag)
    while (this.#confirmedAhead.delete(this.#confirmed + 1)) this.#confirmed++
    this.#onConfirm?.()
  }

  #reply(id: number): Promise<void> {
    return new Promise((resolve) => this.#replies.set(id, resolve))
  }

  async #ask(
    id: number,
    reply: number,
    channel: number,
    ...args: readonly Buffer[]
  ): Promise<void> {
    const answered = this.#reply(reply)
    this.#tell(id, channel, ...args)
    await answered
  }

  #tell(id: number, channel: number, ...args: readonly Buffer[]): void {
    const method = Buffer.alloc(4)
    method.writeUInt32BE(id)
    this.#socket.write(frame(methodFrame, channel, Buffer.concat([method, ...args])))
  }
}

const reserved = Buffer.alloc(2)

function frame(kind: number, channel: number, payload: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(payload.length + 8)
  whole[0] = kind
  whole.writeUInt16BE(channel, 1)
  whole.writeUInt32BE(payload.length, 3)
  payload.copy(whole, 7)
  whole[payload.length + 7] = frameEnd
  return whole
}

/** A persistent message for a queue. */
function publication(queue: string, body: string): Buffer {
  const publish = Buffer.from([0, 60, 0, 40])
  const bytes = Buffer.from(body)
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(bytes.length))
  const isPersistent = Buffer.from([0x10, 0, 2])
  const header = Buffer.concat([Buffer.from([0, 60, 0, 0]), size, isPersistent])
  return Buffer.concat([
    frame(methodFrame, 1, Buffer.concat([publish, reserved, short(''), short(queue), octet(0)])),
    frame(headerFrame, 1, header),
    frame(bodyFrame, 1, bytes),
  ])
}

function octet(value: number): Buffer {
  return Buffer.from([value])
}

function short(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
}

function long(text: string): Buffer {
  return sized(Buffer.from(text))
}

/** A table of texts. */
function table(...entries: readonly (readonly [string, string])[]): Buffer {
  const all = entries.map(([name, value]) => [short(name), Buffer.from('S'), long(value)])
  return sized(Buffer.concat(all.flat()))
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
