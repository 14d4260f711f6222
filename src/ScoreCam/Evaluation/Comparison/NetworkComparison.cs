namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// Compares several networks on the same pictures: how often each network is correct, where the networks agree, and how
/// similar their maps are. It is created from the answers and maps of one <see cref="NetworkObserver"/> per network, in
/// any order. Missing answers and maps are omitted from the results. Immutable and thread-safe.
/// </summary>
public sealed class NetworkComparison
{
    private readonly Dictionary<(string Network, string Picture), NetworkAnswer> _answers = [];
    private readonly Dictionary<(string Network, string Picture, string Method), ComparedMap> _maps = [];

    /// <summary>Creates a comparison from answers and maps.</summary>
    /// <param name="networks">The networks, in the order of all tables.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="answers">The answers of the networks.</param>
    /// <param name="maps">The maps; may be empty. The methods are listed in the order of their first map.</param>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, or an answer or a map belongs to an unknown network or picture.
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
                    $"An answer of '{answer.Network}' to '{answer.Picture}' has an unknown network or picture.",
                    nameof(answers));
            else if (!_answers.TryAdd((answer.Network, answer.Picture), answer))
                throw new ArgumentException(
                    $"There are two answers of '{answer.Network}' to '{answer.Picture}'.", nameof(answers));

        List<string> methods = [];
        foreach (ComparedMap map in maps)
        {
            string what = $"by {map.Method} of '{map.Network}' on '{map.Picture}'";
            if (!_answers.ContainsKey((map.Network, map.Picture)))
                throw new ArgumentException($"The map {what} has no answer of the network.", nameof(maps));
            if (!_maps.TryAdd((map.Network, map.Picture, map.Method), map))
                throw new ArgumentException($"There are two maps {what}.", nameof(maps));
            if (!methods.Contains(map.Method))
                methods.Add(map.Method);
        }
        Methods = methods;
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<ComparedNetwork> Networks { get; }

    /// <summary>The names of the methods.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>The pictures.</summary>
    public IReadOnlyList<ComparedPicture> Pictures { get; }

    /// <summary>Returns the answer of a network for a picture; null if there is none.</summary>
    public NetworkAnswer? Answer(string network, string picture) => _answers.GetValueOrDefault((network, picture));

    /// <summary>Returns the map of a network for a picture; null if there is none.</summary>
    public ComparedMap? Map(string network, string picture, string method) =>
        _maps.GetValueOrDefault((network, picture, method));

    /// <summary>Returns all answers of a network, in the order of the pictures.</summary>
    /// <exception cref="ArgumentException">The network does not exist.</exception>
    public IReadOnlyList<NetworkAnswer> Answers(string network)
    {
        Network(network);
        return [.. Pictures.Select(picture => Answer(network, picture.Name)).OfType<NetworkAnswer>()];
    }

    /// <summary>Returns all maps of a network by one method, in the order of the pictures.</summary>
    /// <exception cref="ArgumentException">The network does not exist.</exception>
    public IReadOnlyList<ComparedMap> Maps(string network, string method)
    {
        Network(network);
        return [.. Pictures.Select(picture => Map(network, picture.Name, method)).OfType<ComparedMap>()];
    }

    /// <summary>
    /// Returns the accuracy of a network: the correctly classified pictures, out of the pictures whose class the
    /// network has.
    /// </summary>
    /// <param name="network">The name of the network.</param>
    /// <param name="among">
    /// The number of classes with the largest probabilities. A picture counts as correct if its class is among them.
    /// </param>
    /// <exception cref="ArgumentException">The network does not exist.</exception>
    public Proportion Accuracy(string network, int among = 1) => Right(Answers(network), among);

    /// <summary>Returns the accuracy of a network for each class that a picture shows, by class name.</summary>
    /// <exception cref="ArgumentException">The network does not exist.</exception>
    public IReadOnlyDictionary<string, Proportion> ClassAccuracy(string network) =>
        AccuracyBy(network, picture => picture.ClassName);

    /// <summary>
    /// Returns the accuracy of a network for each group of classes. Pictures whose class is in no group are omitted.
    /// </summary>
    /// <exception cref="ArgumentException">The network does not exist.</exception>
    public IReadOnlyDictionary<string, Proportion> GroupAccuracy(string network, ClassGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return AccuracyBy(network, picture => picture.ClassName is { } name ? groups.Of(name) : null);
    }

    /// <summary>Compares the predictions of two networks on the same pictures.</summary>
    /// <exception cref="ArgumentException">A network does not exist.</exception>
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

    /// <summary>Returns the network with the given name.</summary>
    /// <exception cref="ArgumentException">The network does not exist.</exception>
    public ComparedNetwork Network(string name) =>
        Networks.FirstOrDefault(network => network.Name == name)
        ?? throw new ArgumentException(
            $"There is no network '{name}'; expected one of {string.Join(", ", Networks.Select(n => n.Name))}.",
            nameof(name));

    /// <summary>
    /// Groups the answers for pictures of known class by a property of the picture. Pictures without the property are
    /// omitted.
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
