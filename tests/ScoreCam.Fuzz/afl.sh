#!/usr/bin/env bash
# Fuzzes one target guided by coverage: SharpFuzz instruments ScoreCam.dll and ScoreCam.Cli.dll, afl-fuzz drives.
# Needs afl-fuzz (Debian: afl++). Usage: tests/ScoreCam.Fuzz/afl.sh TARGET SECONDS; findings are in artifacts/afl/TARGET/out.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${1:?a target, as dotnet run --project tests/ScoreCam.Fuzz lists them} seconds=${2:?seconds}
work=artifacts/afl/$target
rm -rf "$work"
mkdir -p "$work"
dotnet build tests/ScoreCam.Fuzz --configuration Release -verbosity:quiet
cp -r tests/ScoreCam.Fuzz/bin/Release/net10.0 "$work/program"
dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$work/tools" > /dev/null
"$work/program/ScoreCam.Fuzz" "$target" seeds "$work/in"
# afl-fuzz wants small files.
find "$work/in" -size +8k -delete
for assembly in ScoreCam ScoreCam.Cli; do "$work/tools/sharpfuzz" "$work/program/$assembly.dll"; done
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_FORKSRV_INIT_TMOUT=120000
nice -n 15 afl-fuzz -i "$work/in" -o "$work/out" -V "$seconds" -t 20000 -m none -- "$work/program/ScoreCam.Fuzz" "$target" afl > "$work/afl.log" || { tail -n 20 "$work/afl.log"; exit 1; }
grep -E '^(run_time|execs_done|execs_per_sec|corpus_count|corpus_found|saved_crashes|saved_hangs|bitmap_cvg|edges_found)' "$work/out/default/fuzzer_stats"
