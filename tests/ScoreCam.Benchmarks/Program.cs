using ScoreCam.Benchmarks;

// Every measurement is a ratio of two things measured in turn in this one run; times alone say little on a shared machine.
return args.FirstOrDefault() switch
{
    "exact" => ExactTable.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 5, only: args.ElementAtOrDefault(2)),
    "load" => LoadTable.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 5),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project tests/ScoreCam.Benchmarks -- WHAT
          exact [ROUNDS] [NETWORK]   explanation time against the bare network, memory, workers
          load [ROUNDS]              loading a 100 MB model against a bare session
        """);
    return 2;
}
