import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planBlankMounts, planMounts, type MountPlan } from './plan-mounts.ts'

const plan: MountPlan = {
  workspace: '/run/ek/work',
  machineId: 'i-1',
  imageLayer: '/run/ek/work/data/images/default-1',
  systemFolders: ['/usr'],
  shares: [{ hostPath: '/run/ek/a share', machinePath: '/run/door', writable: false }],
  isOrdinaryUser: false,
}

test('a share’s blanks are written as fstab wants them, and it is read-only unless it may be written', () => {
  assert.match(
    planMounts(plan),
    /^\/run\/ek\/a\\040share \/run\/ek\/work\/root\/run\/door none bind,ro 0 0$/m,
  )
})

test('only what this kernel has in /proc is masked', () => {
  const text = planBlankMounts(plan.workspace, new Set(['kcore', 'sys']))
  assert.match(text, /^\/dev\/null \/run\/ek\/work\/blank\/proc\/kcore none bind 0 0$/m)
  assert.match(text, /proc\/sys none bind,ro/)
  assert.ok(!text.includes('timer_list'))
})

test('an ordinary user takes mounts with all below them, and marks the overlay in its own way', () => {
  const text = planMounts({ ...plan, isOrdinaryUser: true })
  assert.match(text, /^\/usr \S+ none rbind,ro/m)
  assert.match(text, /,userxattr 0 0$/m)
})
