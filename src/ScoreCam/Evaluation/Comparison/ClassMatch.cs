using System.Globalization;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// Finds the classes of one network among the classes of another. Networks number their classes differently, so classes
/// are matched by name: by the comma-separated synonyms of their labels, ignoring case.
/// </summary>
public static class ClassMatch
{
    /// <summary>Finds the class with a given name.</summary>
    /// <param name="classes">The classes of the network.</param>
    /// <param name="name">A label, or one of its synonyms.</param>
    /// <param name="index">
    /// The index of the class in another numbering. If several classes have this name, the class with the nearest index
    /// is chosen; of two equally near indices, the larger one. If the network has no class names, the index is used
    /// directly.
    /// </param>
    /// <returns>
    /// The index in the network's own numbering. Null if no class has this name, or if several have it and neither the
    /// index nor an exact label decides between them.
    /// </returns>
    public static int? Find(ClassLabels classes, string name, int? index = null)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(name);
        if (AreNumbered(classes))
            return index is { } own && (uint)own < (uint)classes.Count ? own : null;
        int[] named = [.. Enumerable.Range(0, classes.Count).Where(i => Same(classes[i], name))];
        return named switch
        {
            [] => null,
            [int only] => only,
            _ when index is { } near => named.MinBy(i => (Math.Abs(i - near), -i)),
            _ => ExactlyOne(named, i => string.Equals(classes[i], name.Trim(), StringComparison.OrdinalIgnoreCase)),
        };
    }

    /// <summary>
    /// Pairs the classes of two networks. Equal labels are paired first, then equal first synonyms, and then any shared
    /// synonym. Classes with the same label are paired in order. Each class is in at most one pair.
    /// </summary>
    /// <returns>
    /// For each class of the first network, the index in the second network, or null. All entries are null if one of
    /// the networks has no class names.
    /// </returns>
    public static IReadOnlyList<int?> Align(ClassLabels first, ClassLabels second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        int?[] pairs = new int?[first.Count];
        if (AreNumbered(first) || AreNumbered(second))
            return pairs;
        bool[] taken = new bool[second.Count];
        Pair(first, second, label => [label.Trim()], pairs, taken);
        Pair(first, second, label => [.. Synonyms(label).Take(1)], pairs, taken);
        Pair(first, second, Synonyms, pairs, taken);
        return pairs;
    }

    /// <summary>
    /// Whether the labels are only numbers: <c>class 0</c>, <c>class 1</c> and so on, as for a model without class
    /// names.
    /// </summary>
    public static bool AreNumbered(ClassLabels classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        bool IsNumber(int i) => classes[i] == string.Create(CultureInfo.InvariantCulture, $"class {i}");
        return Enumerable.Range(0, classes.Count).All(IsNumber);
    }

    /// <summary>Whether two labels name the same class: they are equal or share a synonym.</summary>
    internal static bool Same(string label, string name) =>
        string.Equals(label.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase)
        || Synonyms(label).Intersect(Synonyms(name), StringComparer.OrdinalIgnoreCase).Any();

    private static string[] Synonyms(string label) =>
        label.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void Pair(
        ClassLabels first, ClassLabels second, Func<string, string[]> names, int?[] pairs, bool[] taken)
    {
        Dictionary<string, List<int>> byName = new(StringComparer.OrdinalIgnoreCase);
        for (int j = 0; j < second.Count; j++)
            foreach (string name in taken[j] ? [] : names(second[j]))
            {
                if (!byName.TryGetValue(name, out List<int>? indices))
                    byName.Add(name, indices = []);
                indices.Add(j);
            }
        for (int i = 0; i < first.Count; i++)
        {
            if (pairs[i] is not null)
                continue;
            int[] free =
                [.. names(first[i]).SelectMany(name => byName.GetValueOrDefault(name) ?? []).Where(j => !taken[j])];
            if (free.Length == 0)
                continue;
            pairs[i] = free[0];
            taken[free[0]] = true;
        }
    }

    private static int? ExactlyOne(int[] indices, Func<int, bool> isMeant) =>
        indices.Where(isMeant).ToArray() is [int only] ? only : null;
}
