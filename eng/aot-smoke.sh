#!/usr/bin/env bash
# Publishes tests/ScoreCam.AotSmoke ahead-of-time compiled, where any trimming or AOT warning is an error, and runs it.
# Exit code 77: skipped, since there is no native toolchain and none can be installed.
set -euo pipefail
cd "$(dirname "$0")/.."

# A fresh Debian: the linker driver, and zlib which the runtime links.
has_toolchain() { command -v gcc >/dev/null && echo '#include <zlib.h>' | gcc -E - >/dev/null 2>&1; }
if ! has_toolchain && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev zlib1g-dev || true
fi
if ! has_toolchain; then
    echo "AOT smoke skipped: no gcc with zlib's headers, and no root to install them (Debian: gcc, zlib1g-dev)."
    exit 77
fi

case "$(uname -m)" in x86_64) platform=linux-x64 ;; aarch64) platform=linux-arm64 ;; *) platform=linux-$(uname -m) ;; esac
rm -rf artifacts/aot-smoke
dotnet publish tests/ScoreCam.AotSmoke --configuration Release --runtime "$platform" \
    -p:CppCompilerAndLinker=gcc --output artifacts/aot-smoke
ls -l artifacts/aot-smoke | awk '{ print $5, $9 }'
artifacts/aot-smoke/ScoreCam.AotSmoke "$PWD"
