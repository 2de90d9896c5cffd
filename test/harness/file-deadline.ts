/**
 * Loaded before each test file: one that hangs, in whatever way, fails by itself and cleans up on its way out, so that the files after
 * it still run. Node's own `--test-timeout` ends tests, not files that do not end after their tests.
 */
const milliseconds = Number(process.env['EVENKEEL_TEST_FILE_MS'])

// The runner that starts the files loads this too.
if (process.env['NODE_TEST_CONTEXT'] !== undefined && milliseconds > 0) {
  const timer = setTimeout(() => {
    const resources = process.getActiveResourcesInfo().join(', ')
    process.stderr.write(`not ended after ${milliseconds} ms, with: ${resources}\n`)
    process.exit(1)
  }, milliseconds)
  timer.unref()
}
