import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import whole from './vitest.config.ts'

/**
 * The first test that fails ends the run of a mutant: those that say most in least time come first. Of these the first loads the modules
 * inside a test, as one that throws while it loads fails no test elsewhere.
 */
const ORDER = [
  'validate',
  'verdict-tests',
  'ioctl-findings',
  'rules',
  'verdict-generated',
  'verdict-asking',
  'verdict-daxdev',
  'verdict',
  'verdict-reply',
  'findings',
  'findings-options',
  'findings-daxdev',
  'ioctl-vectors',
  'ioctl-verdict',
  'bpf-vectors',
]
const SLOW = ['bpf', 'verdict-golden', 'findings-golden', 'findings-verdict', 'verdict-fast']

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const name = basename(moduleId, '.test.ts')
      return ORDER.includes(name) ? ORDER.indexOf(name) - ORDER.length : SLOW.indexOf(name) + 1
    }
    return files.toSorted((a, b) => place(a) - place(b))
  }
}

/** The tests that speak of src/validate; the rest would only make every mutant slower. */
export default defineConfig({
  resolve: whole.resolve ?? {},
  test: {
    include: [
      'test/{validate,verdict,findings,rules}*.test.ts',
      'test/{define,paging}-dialect.test.ts',
      'test/bpf*.test.ts',
      'test/ioctl-{vectors,verdict,findings,convert}.test.ts',
    ],
    setupFiles: ['vitest.stryker.setup.ts'],
    sequence: { sequencer: QuickFirst, setupFiles: 'list' },
    isolate: false,
    env: { FAMFS_WIRE_PART: '20' },
    testTimeout: 120_000,
  },
})
