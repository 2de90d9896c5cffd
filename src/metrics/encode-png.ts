import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'
import type { Canvas } from './domain/picture/canvas.ts'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const deflated = promisify(deflate)

/** A picture as a PNG file of eight bits a channel, without transparency. https://www.w3.org/TR/png-3/ */
export async function encodePng(canvas: Canvas): Promise<Buffer> {
  const { width, height, pixels } = canvas
  const row = width * 3
  const raw = Buffer.alloc((row + 1) * height)
  for (let y = 0; y < height; y++) {
    // The byte before each row says that it is not filtered.
    raw.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const parts = [chunk('IHDR', head), chunk('IDAT', await deflated(raw)), chunk('IEND', null)]
  return Buffer.concat([signature, ...parts])
}

function chunk(type: string, content: Buffer | null): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content ?? Buffer.alloc(0)])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(body.length - 4, 0)
  frame.set(body, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}
