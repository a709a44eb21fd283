/** The operation `image`, asked through the command for every golden image. */
import { beforeAll, describe, expect, test } from 'vitest'
import { buildCommand } from './cli-build.ts'
import { runCommand } from './command.ts'
import { type Case, goldenCases, listOf, type ShadowFileGolden, type Verdict } from './metadata-golden.ts'

type Answer = Record<string, unknown>

let main = ''
beforeAll(async () => {
  main = await buildCommand('famfs-wire-testee-image')
})

async function ask(requests: readonly object[]): Promise<Answer[]> {
  const { code, out, err } = await runCommand(main, ['testee'], requests.map(r => `${JSON.stringify(r)}\n`).join(''))
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Answer)
}

const question = ({ name, folder, manifest: m }: Case) => ({
  id: name,
  op: 'image',
  superblock_file: `${folder}/${m.superblock_file.file}`,
  superblock_bytes: m.superblock_file.original_bytes,
  log_file: `${folder}/${m.log_file.file}`,
  log_bytes: m.log_file.original_bytes,
  ...(m.host_system_uuid === undefined ? {} : { host_system_uuid: m.host_system_uuid }),
})

/** Verdicts that the sanitizers objected to, and those of the functions that call these. */
function accidents({ manifest }: Case): Set<string> {
  const found = Object.keys(manifest.sanitizer_findings ?? {})
  const callers = found.includes('famfs_build_bitmap') ? ['famfs_fsck_scan', 'famfs_fsck_mmap', 'famfs_fsck_read'] : []
  return new Set([...found, ...callers])
}

function expectedVerdict(name: string, verdict: Verdict): unknown {
  if (verdict.signal !== undefined) return 'undefined'
  if (name === 'famfs_build_bitmap') return verdict.result
  return name === 'famfs_daxdev_table_add' ? verdict.json : verdict.rc
}

function expectedVerdicts(c: Case): unknown {
  const accidental = accidents(c)
  const wanted = Object.entries(c.manifest.verdicts).filter(([name]) => name !== 'logplay_shadowtest')
  return Object.fromEntries(wanted.map(([name, v]) => [name, accidental.has(name) ? 'undefined' : expectedVerdict(name, v)]))
}

const expectedFiles = (c: Case): unknown[] =>
  listOf<ShadowFileGolden>(c.folder, c.manifest.shadow_files ?? []).map(({ shadow_path, yaml, msg_rc, msg_hex }) => ({
    shadow_path,
    yaml,
    ...(msg_rc === undefined ? {} : { msg_rc, msg_hex }),
  }))

describe('every golden image of today', () => {
  const cases = goldenCases('v48')
  let answers: Answer[] = []
  beforeAll(async () => {
    answers = await ask(cases.map(question))
  })

  test('each is answered, in order', () => {
    expect(cases.length).toBe(115)
    expect(answers.map(a => a.id)).toEqual(cases.map(c => c.name))
  })

  test.each(cases.map((c, i) => [c.name, c, i] as const))('%s: fields, verdicts and files are those of its manifest', (_, c, i) => {
    const answer = answers[i] as Answer
    const entries = listOf(c.folder, c.manifest.expected_entries)
    const cut = 'expected_entries_note' in c.manifest
    expect(answer.superblock).toEqual(c.manifest.expected_superblock)
    expect(answer.log_header).toEqual(c.manifest.expected_log_header)
    expect(cut ? (answer.entries as unknown[]).slice(0, entries.length) : answer.entries).toEqual(entries)
    expect(answer.verdicts).toEqual(expectedVerdicts(c))
    if (!accidents(c).has('logplay_shadow')) expect(answer.files).toEqual(expectedFiles(c))
  })
})

describe('every golden image of older layouts', () => {
  const cases = goldenCases('older')
  let answers: Answer[] = []
  beforeAll(async () => {
    answers = await ask(cases.map(question))
  })

  test.each(cases.map((c, i) => [c.name, c, i] as const))('%s: fields by the names of its time, superblock check of today', (_, c, i) => {
    const answer = answers[i] as Answer
    const { expected_superblock: superblock, expected_log_header: log_header, expected_entries: entries } = c.manifest
    expect(answer).toMatchObject({ id: c.name, superblock, log_header, entries })
    expect((answer.verdicts as Answer).famfs_check_super).toBe(c.manifest.verdicts.todays_famfs_check_super?.rc)
    expect(answer.layout).toContain(/-(L\d\d)/.exec(c.name)?.[1])
  })
})

test('what cannot be read or is not as it should be is an error that names the member', async () => {
  const good = question(goldenCases('v48')[0] as Case)
  const codes = (await ask([
    { ...good, log_file: '/nonexistent/log.bin' },
    { ...good, superblock_file: '/nonexistent/sb.bin' },
    { ...good, log_bytes: -1 },
    { ...good, superblock_bytes: '4096' },
    { id: 1, op: 'image' },
    good,
  ])) as { error?: { code: string; path: string } }[]
  expect(codes.map(a => (a.error === undefined ? 'good' : `${a.error.code} ${a.error.path}`))).toEqual([
    'missing log_file',
    'missing superblock_file',
    'range log_bytes',
    'tag superblock_bytes',
    'missing superblock_file',
    'good',
  ])
})
