using System.Globalization;
using ScoreCam.Stress;

// The long forms of the trials in docs/reliability.md. The exit code is 1 if a promise was violated.
return args.FirstOrDefault() switch
{
    "load" => LoadTrial.Run(Duration(args.ElementAtOrDefault(1) ?? "10m"), callers: Number(2, 64), seed: Number(3, 1)),
    "dispose" => DisposeTrial.Run(rounds: Number(1, 100), callers: Number(2, 16), seed: Number(3, 1)),
    "starve" => StarveTrial.Run(rounds: Number(1, 5)),
    "batches" => BatchTrial.Run(only: args.ElementAtOrDefault(1)),
    _ => Usage(),
};

int Number(int position, int otherwise) =>
    args.Length > position ? int.Parse(args[position], CultureInfo.InvariantCulture) : otherwise;

static TimeSpan Duration(string text)
{
    double value = double.Parse(text[..^1], CultureInfo.InvariantCulture);
    return text[^1] switch
    {
        's' => TimeSpan.FromSeconds(value),
        'm' => TimeSpan.FromMinutes(value),
        _ => throw new FormatException($"'{text}' is no duration; expected for example 90s or 10m."),
    };
}

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project tests/ScoreCam.Stress -- WHAT
          load [10m] [CALLERS] [SEED]        many callers on one model, then it is disposed under them
          dispose [ROUNDS] [CALLERS] [SEED]  models disposed at random moments while they are used
          starve [ROUNDS]                    short calls beside long sweeps
          batches [NAME]                     scores and maps of every model there is are equal to the bit for all batch
                                             sizes and numbers of workers
        """);
    return 2;
}
