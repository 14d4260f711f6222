using System.Globalization;

namespace ScoreCam.Evaluation.Comparison;

/// <summary>
/// Finds one network's classes among another's. Networks number their classes differently, so names decide: the
/// comma-separated synonyms of a label, ignoring case.
/// </summary>
public static class ClassMatch
{
    /// <summary>The class of a name.</summary>
    /// <param name="classes">The network's classes.</param>
    /// <param name="name">A label, or one of its synonyms.</param>
    /// <param name="index">
    /// Index of the class in another numbering. Of several classes of this name the one nearest to it is meant, of
    /// two equally near ones the further on. A network without class names takes the index as it is.
    /// </param>
    /// <returns>
    /// The index in the network's own numbering; null where there is no such class, or several and no index to choose
    /// by.
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
    /// Pairs the classes of two networks: first those with equal labels, then those with an equal first synonym, then
    /// those that share any. Classes with the same label are paired in their order. Each class is in one pair at
    /// most.
    /// </summary>
    /// <returns>
    /// For each class of the first network the index in the second, or null. All null where one of them has no class
    /// names.
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
    /// Whether the labels are only numbers: <c>class 0</c>, <c>class 1</c>, …, as a model without names has them.
    /// </summary>
    public static bool AreNumbered(ClassLabels classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        bool IsNumber(int i) => classes[i] == string.Create(CultureInfo.InvariantCulture, $"class {i}");
        return Enumerable.Range(0, classes.Count).All(IsNumber);
    }

    /// <summary>Whether two labels name one class: they are equal, or share a synonym.</summary>
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
