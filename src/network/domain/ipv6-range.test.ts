import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipv6RangeText } from './ipv6-range.ts'

test('a range of IPv6 addresses has one form', () => {
  const forms = {
    '::/0': '::/0',
    '0:0:0:0:0:0:0:0/0': '::/0',
    '2001:DB8::/32': '2001:db8::/32',
    '2001:0db8:0000:0000:0001:0000:0000:0001/128': '2001:db8::1:0:0:1/128',
    '2001:db8:0:1:1:1:1:1/128': '2001:db8:0:1:1:1:1:1/128',
    '2001:db8:1:2:ffff::/60': '2001:db8:1::/60',
    '::1/128': '::1/128',
    'fe80::1:2/64': 'fe80::/64',
    '1::/128': '1::/128',
  }
  for (const [given, shown] of Object.entries(forms)) assert.equal(ipv6RangeText(given), shown)
})

test('what is no range of IPv6 addresses is none', () => {
  const others = [
    '::',
    '::/129',
    '1:2:3/64',
    '1::2::3/64',
    'g::/8',
    '10.0.0.0/8',
    '1:2:3:4:5:6:7:8:9/64',
    '',
    '::/',
    '1:2:3:4:5:6:7:8::/64',
  ]
  for (const text of others) assert.equal(ipv6RangeText(text), undefined, text)
})
