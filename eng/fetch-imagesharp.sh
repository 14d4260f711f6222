#!/usr/bin/env bash
# Fetches a genuine SixLabors.ImageSharp.dll for building and testing the adapter, and prints its path:
#   dotnet test --project tests/ScoreCam.ImageSharp.Tests -p:ImageSharpAssembly="$(eng/fetch-imagesharp.sh)"
set -euo pipefail
cd "$(dirname "$0")/.."
folder="$PWD/artifacts/imagesharp"
dotnet restore eng/imagesharp/FetchImageSharp.csproj -p:RestorePackagesPath="$folder" >&2
assembly="$folder/dotnet-reportgenerator-globaltool/5.1.23/tools/net6.0/any/SixLabors.ImageSharp.dll"
[ -f "$assembly" ] || { echo "There is no $assembly in the package." >&2; exit 1; }
echo "$assembly"
