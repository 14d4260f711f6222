#!/usr/bin/env bash
# Packs twice, from two clean copies of this tree in different folders, into artifacts/packages. The files must be equal
# to the byte. Then uses the packages as a user would: in a new console project with the ten lines of the packages'
# readme, and as the installed tool.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ContinuousIntegrationBuild=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
fail() { echo "$1" >&2; exit 1; }

pack() { # folder of the copy, folder for the packages
    mkdir -p "$1"
    tar --exclude=./.git --exclude=./artifacts --exclude=bin --exclude=obj -cf - . | tar -xf - -C "$1"
    echo "gitdir: $(git rev-parse --absolute-git-dir)" > "$1/.git"
    for project in src/ScoreCam src/ScoreCam.ImageSharp src/ScoreCam.Skia src/ScoreCam.Cli; do
        (cd "$1" && dotnet pack "$project" --configuration Release --output "$2" -verbosity:quiet)
    done
    rm -rf "$1"
}

echo "--- Pack, twice"
rm -rf artifacts/packages
pack "$work/one" "$repository/artifacts/packages"
pack "$work/another/folder" "$work/again"
for package in artifacts/packages/*; do
    cmp "$package" "$work/again/$(basename "$package")" || fail "$package differs between two builds of the same sources."
done
rm -rf "$work/again"

echo "--- Contents"
for package in artifacts/packages/*; do
    echo "$(basename "$package"), $(stat -c %s "$package") bytes:"
    unzip -l "$package" | awk 'NR > 3 && NF == 4 { printf "  %9d  %s\n", $1, $4 }'
done
holds() { unzip -Z1 "$1" | grep -Fx "$2" > /dev/null || fail "$1 does not hold $2."; }
version=$(basename artifacts/packages/ScoreCam.[0-9]*.nupkg .nupkg); version=${version#ScoreCam.}
for id in ScoreCam ScoreCam.ImageSharp ScoreCam.Skia; do
    for file in README.md icon.png "lib/net10.0/$id.dll" "lib/net10.0/$id.xml"; do
        holds "artifacts/packages/$id.$version.nupkg" "$file"
    done
    holds "artifacts/packages/$id.$version.snupkg" "lib/net10.0/$id.pdb"
done
holds "artifacts/packages/ScoreCam.$version.nupkg" buildTransitive/ScoreCam.props
tool=artifacts/packages/ScoreCam.Cli.$version.nupkg
files=tools/net10.0/any
for file in README.md icon.png "$files"/squeezenet1.1/{model.onnx,LICENSE} "$files/chelsea.png"; do
    holds "$tool" "$file"
done
# The largest package that nuget.org takes has 250 MB.
[ "$(stat -c %s "$tool")" -lt 250000000 ] || fail "$tool is larger than package feeds take."

echo "--- A new project outside this repository"
# The packages come from the folder, and everything else from the usual sources. The machine's package cache is read,
# not changed.
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
mkdir "$work/consumer"
cd "$work/consumer"
cat > nuget.config <<CONFIG
<configuration>
  <config><add key="globalPackagesFolder" value="$work/restored" /></config>
  <fallbackPackageFolders><add key="cache" value="$cache" /></fallbackPackageFolders>
  <packageSources><add key="folder" value="$repository/artifacts/packages" /></packageSources>
</configuration>
CONFIG
dotnet new console --no-restore > /dev/null
readme=$repository/eng/package/README.md
sed -n 's/^dotnet add package \([^ ]*\).*/\1/p' "$readme" > packages.txt
[ -s packages.txt ] || fail "The readme names no packages to add."
while read -r id; do
    pinned=$(sed -n "s/.*Include=\"$id\" Version=\"\([^\"]*\)\".*/\1/p" "$repository/Directory.Packages.props")
    dotnet add package "$id" --version "${pinned:-$version}" > add.log || { cat add.log; fail "$id could not be added."; }
done < packages.txt
awk '/^```csharp/ { code = 1; next } /^```/ { code = 0 } code' "$readme" > Program.cs
cp -r "$repository/models" "$repository/photos" .
dotnet run | tee output.txt
grep -q '^Egyptian cat: 6' output.txt || fail "The ten lines did not find the cat."
[ "$(head -c 4 why.png | tail -c 3)" = PNG ] || fail "The ten lines wrote no picture."
unzip -p "$repository/artifacts/packages/ScoreCam.$version.nupkg" lib/net10.0/ScoreCam.dll \
    | cmp - bin/Debug/net10.0/ScoreCam.dll || fail "Another ScoreCam.dll was restored than the one packed."

echo "--- The tool, installed from the folder"
dotnet tool install ScoreCam.Cli --tool-path "$work/tools" --version "$version" --configfile nuget.config
export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
mkdir "$work/elsewhere"
cd "$work/elsewhere"
"$work/tools/scorecam" --version
"$work/tools/scorecam" explain | tee output.txt
grep -q cat output.txt || fail "scorecam explain did not find the cat."
[ "$(head -c 4 explanation.png | tail -c 3)" = PNG ] || fail "scorecam explain wrote no picture."
echo "Packages are in order."
