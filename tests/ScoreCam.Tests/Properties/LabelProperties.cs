using System.Text;
using System.Text.Json;
using CsCheck;
using FluentAssertions;
using ScoreCam.IO;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Properties;

/// <summary>Class names are read from every form in which they are written.</summary>
public class LabelProperties
{
    private static readonly Gen<string[]> Names = Texts.Of(0, 12).Array[1, 12];

    private static readonly Gen<(string[] Names, int[] Order)> Shuffled =
        Names.SelectMany(names => Gen.Shuffle(Enumerable.Range(0, names.Length).ToArray()), (names, order) =>
        (names, order));

    [Fact]
    public void Names_in_a_JSON_list_are_read() =>
        Names.Sample(names => All(ClassLabels.Parse(JsonSerializer.Serialize(names))).Should().Equal(names));

    [Fact]
    public void Names_in_a_configuration_are_read_in_any_order_and_with_or_without_a_byte_order_mark() =>
        Gen.Select(Shuffled, Gen.Bool, Gen.Bool).Sample((labels, mark, indented) =>
    {
        using TemporaryFolder folder = new();
        string path = folder.File("config.json");
        Dictionary<string, string> entries = labels.Order.ToDictionary(i => $"{i}", i => labels.Names[i]);
        File.WriteAllText(path, JsonSerializer.Serialize(new { other = entries.Count, id2label = entries },
            new JsonSerializerOptions { WriteIndented = indented }), new UTF8Encoding(mark));
        All(ClassLabels.Load(path)).Should().Equal(labels.Names);
        LabelFile.FindInConfig(File.ReadAllText(path), "config.json").Should().Equal(labels.Names);
    });

    [Fact]
    public void Names_that_Python_prints_are_read() => Gen.Select(Shuffled, Gen.Bool).Sample((labels, isList) =>
    {
        string printed = isList ? $"[{string.Join(", ", labels.Names.Select(Printed))}]"
            : $"{{{string.Join(", ", labels.Order.Select(i => $"{i}: {Printed(labels.Names[i])}"))}}}";
        LabelFile.FindInMetadata(new Dictionary<string, string> { ["names"] = printed }, "model").Should()
            .Equal(labels.Names);
    });

    [Fact]
    public void Names_in_lines_with_an_index_are_read() =>
        Gen.Select(Texts.Lines(1, 12).Select(text => "a" + text.Trim()).Array[1, 12],
        Gen.OneOf(" ", "\t", ": ", ", ", ";"), Gen.Bool).Sample((names, separator, windows) =>
    {
        string text = string.Concat(names.Select((name, i) => $"{i}{separator}{name}{(windows ? "\r\n" : "\n")}"));
        All(ClassLabels.Parse(text)).Should().Equal(names.Select(name => name.Trim()));
    });

    [Fact]
    public void A_class_is_found_by_its_name() =>
        Names.Select(names => names.Select(name => $"a{name}b").Distinct().ToArray()).Sample(names =>
    {
        ClassLabels labels = new(names);
        for (int i = 0; i < names.Length; i++)
        {
            labels.IndexOf($"name:{names[i]}").Should().Be(i);
            labels.IndexOf($"{i}").Should().Be(i);
        }
    });

    private static IEnumerable<string> All(ClassLabels labels) =>
        Enumerable.Range(0, labels.Count).Select(i => labels[i]);

    /// <summary>As Python's repr writes a string.</summary>
    private static string Printed(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        StringBuilder printed = new();
        foreach (Rune rune in text.EnumerateRunes())
            printed.Append(rune.Value switch
            {
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                int code when code == quote => $@"\{quote}",
                < 0x20 or (>= 0x7f and < 0xa1) => $@"\x{rune.Value:x2}",
                > 0xffff and < 0x11000 => $@"\U{rune.Value:x8}",
                >= 0xe000 and < 0xf900 => $@"\u{rune.Value:x4}",
                _ => rune.ToString(),
            });
        return $"{quote}{printed}{quote}";
    }
}
