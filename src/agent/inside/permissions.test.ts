import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AppspecPermission } from '../../protocol/appspec.ts'
import { matching } from './permissions.ts'

const plan = {
  folders: ['/srv', '/srv/site', '/srv/site/css'],
  files: ['/srv/site/a.html', '/srv/site/b.sh', '/srv/site/css/c.css', '/srv/sites.txt'].map(
    (target) => ({ source: '', target }),
  ),
}

function matched(change: Partial<AppspecPermission>): readonly string[] {
  const all = { pattern: '**', except: [], type: ['file', 'directory'] } as const
  return matching(plan, { object: '/srv/site', ...all, ...change })
}

test('everything below the object is meant, the object itself is not', () => {
  const below = ['/srv/site/a.html', '/srv/site/b.sh', '/srv/site/css/c.css', '/srv/site/css']
  assert.deepEqual(matched({}), below)
  assert.deepEqual(matched({ object: '/srv/site/' }), below)
})

test('a pattern is for what lies directly in the object; exceptions are for names', () => {
  assert.deepEqual(matched({ pattern: '*.html' }), ['/srv/site/a.html'])
  assert.deepEqual(matched({ except: ['*.sh', '*.css'], type: ['file'] }), ['/srv/site/a.html'])
  assert.deepEqual(matched({ type: ['directory'] }), ['/srv/site/css'])
})

test('an object that is a file is meant itself', () => {
  assert.deepEqual(matched({ object: '/srv/site/b.sh', type: ['file'] }), ['/srv/site/b.sh'])
})
