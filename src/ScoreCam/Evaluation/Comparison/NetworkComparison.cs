namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// Several networks on the same pictures: how often each is right, where they agree, and how alike the places are
/// that they look at. It is made from the answers and maps of a <see cref="NetworkObserver"/> per network, in any
/// order; what is missing is left out of the figures. Immutable and thread-safe.
/// </summary>
public sealed class NetworkComparison
{
    private readonly Dictionary<(string Network, string Picture), NetworkAnswer> _answers = [];
    private readonly Dictionary<(string Network, string Picture, string Method), ComparedMap> _maps = [];

    /// <summary>Puts answers and maps together.</summary>
    /// <param name="networks">The networks, in the order of every table.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="answers">What the networks say.</param>
    /// <param name="maps">Where they look; may be empty. Methods stand in the order in which they appear here.</param>
    /// <exception cref="ArgumentException">
    /// A name stands twice, or an answer or a map is of an unknown network or picture.
    /// </exception>
    public NetworkComparison(
        IEnumerable<ComparedNetwork> networks, IEnumerable<ComparedPicture> pictures,
        IEnumerable<NetworkAnswer> answers, IEnumerable<ComparedMap> maps)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(maps);
        Networks = [.. networks];
        Pictures = [.. pictures];
        HashSet<string> networkNames = Distinct(Networks.Select(network => network.Name), "network", nameof(networks));
        HashSet<string> pictureNames = Distinct(Pictures.Select(picture => picture.Name), "picture", nameof(pictures));
        foreach (NetworkAnswer answer in answers)
            if (!networkNames.Contains(answer.Network) || !pictureNames.Contains(answer.Picture))
                throw new ArgumentException(
                    $"An answer of '{answer.Network}' to '{answer.Picture}' is of an unknown network or picture.",
                    nameof(answers));
            else if (!_answers.TryAdd((answer.Network, answer.Picture), answer))
                throw new ArgumentException(
                    $"There are two answers of '{answer.Network}' to '{answer.Picture}'.", nameof(answers));

        List<string> methods = [];
        foreach (ComparedMap map in maps)
        {
            string what = $"by {map.Method} of '{map.Network}' on '{map.Picture}'";
            if (!_answers.ContainsKey((map.Network, map.Picture)))
                throw new ArgumentException($"There is a map {what}, but no answer.", nameof(maps));
            if (!_maps.TryAdd((map.Network, map.Picture, map.Method), map))
                throw new ArgumentException($"There are two maps {what}.", nameof(maps));
            if (!methods.Contains(map.Method))
                methods.Add(map.Method);
        }
        Methods = methods;
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<ComparedNetwork> Networks { get; }

    /// <summary>Names of the methods.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>The pictures.</summary>
    public IReadOnlyList<ComparedPicture> Pictures { get; }

    /// <summary>What a network says about a picture; null where it was not asked.</summary>
    public NetworkAnswer? Answer(string network, string picture) => _answers.GetValueOrDefault((network, picture));

    /// <summary>Where a network looks in a picture; null where it was not asked.</summary>
    public ComparedMap? Map(string network, string picture, string method) =>
        _maps.GetValueOrDefault((network, picture, method));

    /// <summary>All answers of a network, in the order of the pictures.</summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public IReadOnlyList<NetworkAnswer> Answers(string network)
    {
        Network(network);
        return [.. Pictures.Select(picture => Answer(network, picture.Name)).OfType<NetworkAnswer>()];
    }

    /// <summary>All maps of a network by one method, in the order of the pictures.</summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public IReadOnlyList<ComparedMap> Maps(string network, string method)
    {
        Network(network);
        return [.. Pictures.Select(picture => Map(network, picture.Name, method)).OfType<ComparedMap>()];
    }

    /// <summary>The pictures that a network classifies rightly, of those whose class it knows.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="among">
    /// A picture counts as right where its class is among so many of the largest probabilities.
    /// </param>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public Proportion Accuracy(string network, int among = 1) => Right(Answers(network), among);

    /// <summary>The accuracy of a network on each class that a picture shows, by name of the class.</summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public IReadOnlyDictionary<string, Proportion> ClassAccuracy(string network) =>
        AccuracyBy(network, picture => picture.ClassName);

    /// <summary>
    /// The accuracy of a network on the pictures of each group of classes; pictures of classes in no group are left
    /// out.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public IReadOnlyDictionary<string, Proportion> GroupAccuracy(string network, ClassGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return AccuracyBy(network, picture => picture.ClassName is { } name ? groups.Of(name) : null);
    }

    /// <summary>How two networks answer the same pictures.</summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public NetworkAgreement Agreement(string first, string second)
    {
        IReadOnlyList<int?> pairs = ClassMatch.Align(Network(first).Classes, Network(second).Classes);
        bool match = pairs.Any(pair => pair is not null);
        int[] counts = new int[4];
        int same = 0, asked = 0;
        foreach (ComparedPicture picture in Pictures)
        {
            if (Answer(first, picture.Name) is not { } a || Answer(second, picture.Name) is not { } b)
                continue;
            asked++;
            same += pairs[a.Predicted] == b.Predicted ? 1 : 0;
            if (a.IsRight is { } firstIsRight && b.IsRight is { } secondIsRight)
                counts[(firstIsRight ? 0 : 2) + (secondIsRight ? 0 : 1)]++;
        }
        return new()
        {
            BothRight = counts[0],
            OnlyFirst = counts[1],
            OnlySecond = counts[2],
            BothWrong = counts[3],
            SameAnswer = match ? new Proportion(same, asked) : null,
        };
    }

    /// <summary>The network of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public ComparedNetwork Network(string name) =>
        Networks.FirstOrDefault(network => network.Name == name)
        ?? throw new ArgumentException(
            $"There is no network '{name}'; expected one of {string.Join(", ", Networks.Select(n => n.Name))}.",
            nameof(name));

    /// <summary>
    /// The answers to pictures of known class, by a property of the picture; those without it are left out.
    /// </summary>
    internal Dictionary<string, List<NetworkAnswer>> AnswersBy(string network, Func<ComparedPicture, string?> key)
    {
        Network(network);
        Dictionary<string, List<NetworkAnswer>> answers = new(StringComparer.OrdinalIgnoreCase);
        foreach (ComparedPicture picture in Pictures)
        {
            if (key(picture) is not { } name || Answer(network, picture.Name) is not { ClassIndex: not null } answer)
                continue;
            if (!answers.TryGetValue(name, out List<NetworkAnswer>? own))
                answers.Add(name, own = []);
            own.Add(answer);
        }
        return answers;
    }

    private Dictionary<string, Proportion> AccuracyBy(string network, Func<ComparedPicture, string?> key) =>
        AnswersBy(network, key)
            .ToDictionary(entry => entry.Key, entry => Right(entry.Value, 1), StringComparer.OrdinalIgnoreCase);

    private static Proportion Right(IEnumerable<NetworkAnswer> answers, int among)
    {
        bool[] right = [.. answers.Select(answer => answer.IsAmong(among)).OfType<bool>()];
        return new(right.Count(isRight => isRight), right.Length);
    }

    private static HashSet<string> Distinct(IEnumerable<string> names, string what, string parameter)
    {
        HashSet<string> distinct = [];
        return names.FirstOrDefault(name => !distinct.Add(name)) is { } twice
            ? throw new ArgumentException($"Two {what}s are named '{twice}'; give each its own name.", parameter)
            : distinct;
    }
}
