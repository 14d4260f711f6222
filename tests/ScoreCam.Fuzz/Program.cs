using System.Globalization;
using ScoreCam.Fuzz;
using SharpFuzz;

const string Usage = """
    dotnet run -c Release --project tests/ScoreCam.Fuzz -- ARGUMENTS
      TARGET CASES [SEED [FIRST]]    runs cases; the first failing one ends the run
      TARGET write FILE CASE [SEED]  writes a case to a file
      TARGET read FILE...            runs files
      TARGET seeds FOLDER            writes the seeds, for other fuzzers

    tests/ScoreCam.Fuzz/afl.sh TARGET SECONDS
      runs cases guided by coverage, with afl-fuzz and SharpFuzz
    """;

if (args is [var name, "afl"])
{
    // Instrumented code can run only inside this call. Before it there is no memory for the traces.
    Fuzzer.Run(stream => new FuzzRun(FuzzTargets.All.Single(t => t.Name == name), 0).RunOne(All(stream)));
    return 0;
}

FuzzTarget? target = args.Length < 2 ? null : FuzzTargets.All.FirstOrDefault(t => t.Name == args[0]);
if (target is null)
{
    Console.Error.WriteLine(
        $"{Usage}{Environment.NewLine}Targets: {string.Join(", ", FuzzTargets.All.Select(t => t.Name))}");
    return 2;
}

try
{
    switch (args[1..])
    {
        case ["write", var file, var number, ..]:
            File.WriteAllBytes(file,
                new FuzzRun(target, Number(args, 4, 1)).Case(long.Parse(number, CultureInfo.InvariantCulture)));
            return 0;
        case ["read", .. var files]:
            FuzzRun given = new(target, 0);
            foreach (string path in files)
                given.RunOne(File.ReadAllBytes(path));
            Console.WriteLine(given.Figures);
            return 0;
        case ["seeds", var folder]:
            Directory.CreateDirectory(folder);
            for (int i = 0; i < target.Seeds.Count; i++)
                File.WriteAllBytes(Path.Combine(folder, $"{target.Name}-{i}"), target.Seeds[i]);
            return 0;
        default:
            FuzzRun run = new(target, Number(args, 2, 1));
            long first = Number(args, 3, 0);
            try
            {
                run.Run(first, long.Parse(args[1], CultureInfo.InvariantCulture), done =>
                    Console.Error.WriteLine($"{done:N0} …"));
            }
            finally
            {
                Console.WriteLine($"{target.Name}: {run.Figures}");
            }
            return 0;
    }
}
catch (FuzzFailure failure)
{
    Console.Error.WriteLine(
        $"{failure.Message}{Environment.NewLine}{failure.InnerException?.InnerException ?? failure.InnerException}");
    return 1;
}

static int Number(string[] args, int place, int otherwise) =>
    args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;

static byte[] All(Stream stream)
{
    using MemoryStream bytes = new();
    stream.CopyTo(bytes);
    return bytes.ToArray();
}
