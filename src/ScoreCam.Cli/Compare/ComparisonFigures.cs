using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation.Comparison;

namespace ScoreCam.Cli.Compare;

/// <summary>The statistics over all pictures: the numbers in the report and in <c>--json</c>.</summary>
internal sealed record ComparisonFigures
{
    private const int MostPairs = 12;

    /// <summary>One entry per network, in order.</summary>
    public required NetworkFigures[] Networks { get; init; }

    /// <summary>One entry per pair of networks.</summary>
    public required PairFigures[] Agreement { get; init; }

    /// <summary>One entry per network and method.</summary>
    public required MapFigures[] Maps { get; init; }

    /// <summary>
    /// One entry per pair of networks with the same method, and per pair of methods on the same network.
    /// </summary>
    public required SimilarityFigures[] Similarity { get; init; }

    /// <summary>One entry per method: the networks, arranged by the similarity of their maps.</summary>
    public required PlaneFigures[] NetworkMaps { get; init; }

    /// <summary>One entry per network: the classes, arranged by how often the network confuses them.</summary>
    public required PlaneFigures[] ClassMaps { get; init; }

    public static ComparisonFigures Of(ComparisonResult result, NetworkComparison comparison, SimilarityTable likeness)
    {
        string[] networks = [.. comparison.Networks.Select(network => network.Name)];
        ClassGroups? groups = result.ClassGroups();
        return new()
        {
            Networks = [.. networks.Select(network => NetworkFigures.Of(comparison, network, groups))],
            Agreement =
            [
                .. Pairs(networks).Select(pair => PairFigures.Of(pair, comparison.Agreement(pair.First, pair.Second))),
            ],
            Maps =
            [
                .. networks.SelectMany(network => comparison.Methods.Select(method =>
                    MapFigures.Of(result, comparison.Maps(network, method), network, method))),
            ],
            Similarity = likeness.Figures(),
            NetworkMaps =
            [
                .. comparison.Methods.Select(method =>
                {
                    (IReadOnlyList<string> names, PlaneScaling plane) = MapAgreement.MapOfNetworks(comparison, method);
                    return PlaneFigures.Of(method, names, plane);
                }),
            ],
            ClassMaps = [.. networks.Select(network => ClassPlane(comparison, network))],
        };
    }

    /// <summary>Returns all pairs of the names.</summary>
    public static IEnumerable<(string First, string Second)> Pairs(IReadOnlyList<string> names) =>
        from i in Enumerable.Range(0, names.Count)
        from j in Enumerable.Range(i + 1, names.Count - i - 1)
        select (names[i], names[j]);

    private static PlaneFigures ClassPlane(NetworkComparison comparison, string network)
    {
        ClassMap map = ClassMap.Of(comparison, network);
        IEnumerable<NearPair> pairs =
            from i in Enumerable.Range(0, map.Classes.Count)
            from j in Enumerable.Range(i + 1, map.Classes.Count - i - 1)
            select new NearPair(map.Classes[i], map.Classes[j], map.Distance(i, j));
        NearPair[] nearest =
            [.. pairs.Where(pair => pair.Distance < 0.995).OrderBy(pair => pair.Distance).Take(MostPairs)];
        return PlaneFigures.Of(network, map.Classes, map.Plane, nearest);
    }
}

/// <summary>The accuracy of a network.</summary>
internal sealed record NetworkFigures
{
    public required string Network { get; init; }

    public required ShareFigures Accuracy { get; init; }

    public required ShareFigures TopFive { get; init; }

    /// <summary>The median time of a prediction, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>The accuracy, by class name.</summary>
    public required Dictionary<string, ShareFigures> Classes { get; init; }

    /// <summary>The accuracy, by group name.</summary>
    public required Dictionary<string, ShareFigures> Groups { get; init; }

    public static NetworkFigures Of(NetworkComparison comparison, string network, ClassGroups? groups)
    {
        double[] seconds = [.. comparison.Answers(network).Select(answer => answer.Elapsed.TotalSeconds).Order()];
        return new()
        {
            Network = network,
            Accuracy = ShareFigures.Of(comparison.Accuracy(network)),
            TopFive = ShareFigures.Of(comparison.Accuracy(network, among: 5)),
            Seconds = seconds.Length == 0 ? null : seconds[seconds.Length / 2],
            Classes = ShareFigures.Of(comparison.ClassAccuracy(network)),
            Groups = groups is null ? [] : ShareFigures.Of(comparison.GroupAccuracy(network, groups)),
        };
    }
}

/// <summary>A proportion with its 95 % interval; without both if there is nothing to count.</summary>
internal sealed record ShareFigures(int Count, int Total, double? Share, double? Low, double? High)
{
    public static ShareFigures Of(Proportion share) => share.Total == 0
        ? new(0, 0, null, null, null)
        : new(share.Count, share.Total, share.Share, share.Low, share.High);

    public static Dictionary<string, ShareFigures> Of(IReadOnlyDictionary<string, Proportion> shares) =>
        shares.OrderBy(share => share.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(share => share.Key, share =>
            Of(share.Value));
}

/// <summary>The agreement of two networks on the same pictures.</summary>
internal sealed record PairFigures
{
    public required string First { get; init; }

    public required string Second { get; init; }

    public required int BothRight { get; init; }

    public required int OnlyFirst { get; init; }

    public required int OnlySecond { get; init; }

    public required int BothWrong { get; init; }

    /// <summary>The pictures with the same prediction; null if the classes do not match.</summary>
    public ShareFigures? SameAnswer { get; init; }

    public double? Kappa { get; init; }

    public required double McNemar { get; init; }

    public static PairFigures Of((string First, string Second) pair, NetworkAgreement agreement) => new()
    {
        First = pair.First,
        Second = pair.Second,
        BothRight = agreement.BothRight,
        OnlyFirst = agreement.OnlyFirst,
        OnlySecond = agreement.OnlySecond,
        BothWrong = agreement.BothWrong,
        SameAnswer = agreement.SameAnswer is { } same ? ShareFigures.Of(same) : null,
        Kappa = agreement.Kappa,
        McNemar = agreement.McNemar,
    };
}

/// <summary>The cost of a method on a network, and the quality of its maps.</summary>
internal sealed record MapFigures
{
    public required string Network { get; init; }

    public required string Method { get; init; }

    public required int Pictures { get; init; }

    /// <summary>The mean time of explaining a picture, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>The mean number of network runs on changed pictures.</summary>
    public double? Passes { get; init; }

    /// <summary>The mean number of gradient computations.</summary>
    public double? GradientPasses { get; init; }

    /// <summary>The values, by metric name.</summary>
    public required Dictionary<string, SummaryCell> Values { get; init; }

    public static MapFigures Of(
        ComparisonResult result, IReadOnlyList<ComparedMap> maps, string network, string method) =>
        new()
        {
            Network = network,
            Method = method,
            Pictures = maps.Count,
            Seconds = maps.Count == 0 ? null : maps.Average(map => map.Elapsed.TotalSeconds),
            Passes = maps.Count == 0 ? null : maps.Average(map => map.Passes),
            GradientPasses = maps.Count == 0 ? null : maps.Average(map => map.GradientPasses),
            Values = result.Metrics.ToDictionary(
            metric => metric.Name,
            metric => SummaryCell.Of(maps.Select(map => map.Values.GetValueOrDefault(metric.Name)), result.Seed)),
        };
}

/// <summary>Points in a plane.</summary>
/// <param name="Name">The name of the method or network.</param>
/// <param name="Names">One name per point.</param>
/// <param name="Points">The x and y coordinates of each point.</param>
/// <param name="Stress">Kruskal's stress: the relative error of the distances in the plane; 0 means no error.</param>
/// <param name="Nearest">The pairs of names with the smallest distances.</param>
internal sealed record PlaneFigures(string Name, string[] Names, double[][] Points, double Stress, NearPair[] Nearest)
{
    public static PlaneFigures Of(string name, IReadOnlyList<string> names, PlaneScaling plane) =>
        Of(name, names, plane, []);

    public static PlaneFigures Of(string name, IReadOnlyList<string> names, PlaneScaling plane, NearPair[] nearest) =>
        new(name, [.. names], [.. plane.Points.Select(point => new[] { point.X, point.Y })], plane.Stress, nearest);
}

/// <summary>Two names and their distance.</summary>
internal sealed record NearPair(string First, string Second, double Distance);
