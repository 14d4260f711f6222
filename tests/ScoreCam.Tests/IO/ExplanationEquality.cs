using System.Collections;
using System.Reflection;
using FluentAssertions;

namespace ScoreCam.Tests.IO;

/// <summary>
/// Compares two explanations property by property, floats by their bits; the picture, which is not saved, is left out.
/// </summary>
internal static class ExplanationEquality
{
    /// <param name="expected">The saved object.</param>
    /// <param name="actual">The loaded object.</param>
    /// <param name="path">The name of the object in errors.</param>
    /// <param name="allGiven">
    /// Every property of the saved object must differ from its default. A property that is missing in the file would
    /// be loaded with its default.
    /// </param>
    public static void AssertEqual(object? expected, object? actual, string path, bool allGiven = false)
    {
        if (expected is float number)
            BitConverter.SingleToInt32Bits((float)actual!).Should().Be(BitConverter.SingleToInt32Bits(number), path);
        else if (expected is SaliencyMap map)
            AssertEqual(Parts(map), Parts((SaliencyMap)actual!), path);
        else if (expected is IEnumerable and not string)
        {
            object[] all = [.. ((IEnumerable)expected).Cast<object>()];
            object[] others = [.. ((IEnumerable)actual!).Cast<object>()];
            others.Should().HaveCount(all.Length, path);
            for (int i = 0; i < all.Length; i++)
                AssertEqual(all[i], others[i], $"{path}[{i}]", allGiven);
        }
        else if (expected is not null && IsOfTheLibrary(expected.GetType()))
        {
            foreach (PropertyInfo property in expected.GetType().GetProperties())
            {
                if (property.Name == nameof(Explanation.Picture))
                    continue;
                object? value = property.GetValue(expected);
                if (allGiven)
                    IsDefault(value).Should().BeFalse($"the sample must give {path}.{property.Name} a value");
                AssertEqual(value, property.GetValue(actual), $"{path}.{property.Name}", allGiven);
            }
        }
        else
            actual.Should().Be(expected, path);
    }

    private static object[] Parts(SaliencyMap map) => [map.Width, map.Height, map.Values.ToArray()];

    private static bool IsOfTheLibrary(Type type) =>
        type.Namespace!.StartsWith("ScoreCam", StringComparison.Ordinal) && !type.IsEnum;

    private static bool IsDefault(object? value) =>
        value is null || (value is ValueType && value.Equals(Activator.CreateInstance(value.GetType())));
}
