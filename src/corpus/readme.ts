/** The text that lies beside a corpus. */
import type { Manifest } from './sidecar.ts'

const counted = (categories: Manifest['categories']): string =>
  Object.entries(categories)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `  ${name.padEnd(18)} ${String(count).padStart(6)}`)
    .join('\n')

/** A word for a shell. */
const quoted = (text: string): string => (/^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** README.txt of a corpus. */
export const readme = ({
  dialect,
  seed,
  count,
  pageSize,
  pmdSize,
  categories,
}: Manifest): string => `famfs GET_FMAP corpus, dialect ${dialect}

Made for pages of ${pageSize} and PMD entries of ${pmdSize} bytes. Made again, byte for byte, by
  famfs-wire corpus --dialect ${dialect} --seed ${quoted(seed)} --count ${count} --page-size ${pageSize} --pmd-size ${pmdSize} --out DIR

fmap/      one map per file, as the kernel's parser is given it: the body of a GET_FMAP reply without fuse_out_header
reply/     the same maps as whole replies, fuse_out_header first, for code that reads FUSE messages
request/   the GET_FMAP requests of this dialect's kernel that they answer (unique 4, nodeid 2)
sidecar/   <sha1 of the map>.json: how the map was made, which bytes to look at, and for every published dialect
           with this form of the map what its kernel's parser answers (errno 0: taken; reason and guilty bytes otherwise) and which rules it breaks
fmap.dict  tokens for AFL++ and libFuzzer
manifest.json  which map, reply and request belong together

Files are named by the sha1 of their content. fmap, reply and request hold inputs and nothing else.

libFuzzer   ./target fmap -dict=fmap.dict          (-merge=1 keeps what adds coverage)
AFL++       afl-fuzz -i fmap -x fmap.dict -o out -- ./target @@
honggfuzz   honggfuzz -i fmap -w fmap.dict -- ./target ___FILE___
KFuzzTest   for f in fmap/*; do cat "$f" > /sys/kernel/debug/kfuzztest/NAME/input_simple; done   (64 KiB at most)

A parser that answers otherwise than its dialect's verdict in the sidecar is worth a look.

Cases by category:
${counted(categories)}
`
