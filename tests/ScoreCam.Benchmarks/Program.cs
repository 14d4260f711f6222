using ScoreCam.Benchmarks;

// Every measurement is a ratio of two times that are measured in turn in one run. Times alone say little on a shared
// machine.
return args.FirstOrDefault() switch
{
    "table" => SpeedTable.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 5, only: args.ElementAtOrDefault(2)),
    "gradients" => GradientTable.Run(args.Length > 1 ? int.Parse(args[1]) : 5, args.ElementAtOrDefault(2)),
    "load" => LoadTable.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 5),
    "load-once" => LoadTable.Once(args[1], args[2]),
    "profile" => Profile.Run(only: args.ElementAtOrDefault(1)),
    "growth" => Growth.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 5),
    "memory" => MemoryTable.Run(),
    "soak" => Soak.Run(explanations: args.Length > 1 ? int.Parse(args[1]) : 500),
    "sampling" => SamplingQuality.Run(parity: args.ElementAtOrDefault(1) ?? "even", folder: args.ElementAtOrDefault(2)),
    "sampling-cost" => SamplingCost.Run(),
    "export" => ExportTable.Run(rounds: args.Length > 1 ? int.Parse(args[1]) : 9, only: args.ElementAtOrDefault(2)),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project tests/ScoreCam.Benchmarks -- WHAT
          table [ROUNDS] [NETWORK]   explanations, exact and adaptive, against the bare network; workers, memory
          gradients [ROUNDS] [NAME]  gradients against forward passes, one thread
          load [ROUNDS]              loading a 100 MB model against a bare session
          profile [NETWORK]          where the time of an explanation goes
          growth [ROUNDS]            how the time grows with channels, pixels and workers
          memory                     what explaining adds to the bare network, K = 2048
          sampling [even|odd] [DIR]  adaptive sampling against the reference method; all scores are kept in DIR
          sampling-cost              what adaptive sampling itself costs
          export [ROUNDS] [NETWORK]  exported models: size, time over the plain model, agreement with the library
          soak [N]                   N explanations: memory, threads, identical maps
        """);
    return 2;
}
