import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { answerQuery } from './message.ts'
import { nameTable } from './name-table.ts'

const many = Array.from({ length: 40 }, (_, index) => `10.0.1.${index}`)
const table = nameTable({
  hosts: new Map([
    ['ip-10-0-0-5.ec2.internal', { addresses: ['10.0.0.5'], seconds: 60 }],
    ['web.elb.localhost', { addresses: ['10.0.0.6', '10.0.1.6'], seconds: 5 }],
    ['many.elb.localhost', { addresses: many, seconds: 5 }],
  ]),
  names: new Map([['10.0.0.5', 'ip-10-0-0-5.ec2.internal']]),
  zones: ['ec2.internal', 'elb.localhost'],
})
const datagram = { isDatagram: true, pick: () => 0 }

function query(name: string, type: number): Buffer {
  const labels = name.split('.').map((label) => String.fromCharCode(label.length) + label)
  const head = Buffer.from([0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  const text = Buffer.from(`${labels.join('')}\0`, 'latin1')
  return Buffer.concat([head, text, Buffer.from([0, type, 0, 1])])
}

function read(answer: Buffer | undefined) {
  assert.ok(answer)
  return { code: answer.readUInt8(3) & 0x0f, answers: answer.readUInt16BE(6), bytes: answer }
}

test('a name is answered with its addresses, whatever its case', () => {
  const { code, answers, bytes } = read(
    answerQuery(query('IP-10-0-0-5.ec2.internal', 1), table, datagram),
  )
  assert.deepEqual([code, answers], [0, 1])
  assert.equal(bytes.readUInt16BE(0), 0x1234)
  assert.deepEqual([...bytes.subarray(-4)], [10, 0, 0, 5])
})

test('a list of addresses begins where it is told to', () => {
  const asked = query('web.elb.localhost', 1)
  const { bytes } = read(answerQuery(asked, table, { isDatagram: true, pick: () => 1 }))
  assert.deepEqual([...bytes.subarray(-4)], [10, 0, 0, 6])
})

test('an address is answered with its name', () => {
  const { code, answers, bytes } = read(
    answerQuery(query('5.0.0.10.in-addr.arpa', 12), table, datagram),
  )
  assert.deepEqual([code, answers], [0, 1])
  assert.match(bytes.toString('latin1'), /ip-10-0-0-5.ec2.internal.$/s)
})

test('what is not there, has no such record, or is not ours has three answers', () => {
  const codeOf = (name: string, type = 1) => read(answerQuery(query(name, type), table, datagram))
  assert.equal(codeOf('nobody.ec2.internal').code, 3)
  const other = codeOf('ip-10-0-0-5.ec2.internal', 28)
  assert.deepEqual([other.code, other.answers], [0, 0])
  assert.equal(codeOf('example.com').code, 5)
  assert.equal(codeOf('9.0.0.10.in-addr.arpa', 12).code, 3)
})

test('what is too long for a datagram is truncated, and whole over TCP', () => {
  const asked = query('many.elb.localhost', 1)
  const short = read(answerQuery(asked, table, datagram))
  assert.equal(short.bytes.readUInt8(2) & 0x02, 0x02)
  const whole = read(answerQuery(asked, table, { ...datagram, isDatagram: false }))
  assert.equal(whole.answers, 40)
})

test('nothing that arrives makes it throw, and no answer is answered', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const answer = answerQuery(Buffer.from(bytes), table, datagram)
      if (answer === undefined) return
      assert.equal(answer.readUInt8(2) & 0x80, 0x80)
      assert.equal(answerQuery(answer, table, datagram), undefined)
    }),
  )
})
