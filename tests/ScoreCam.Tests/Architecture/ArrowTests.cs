using System.Text.RegularExpressions;
using FluentAssertions;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Architecture;

/// <summary>Dependencies between the rooms of src/ScoreCam point one way.</summary>
public partial class ArrowTests
{
    private const string OnnxRuntime = "Microsoft.ML.OnnxRuntime";

    // The vocabulary has SessionOptions and TensorElementType in its public properties.
    private static readonly string[] MayUseOnnxRuntime = ["Onnx.Runtime", Rooms.Vocabulary];

    public static TheoryData<string> AllRooms => [.. Rooms.MayKnow.Keys];

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void A_type_uses_only_types_of_rooms_that_its_room_may_know(string room)
    {
        IEnumerable<Arrow> arrows =
            from type in Rooms.Types[room]
            from dependency in type.Dependencies
            let other = Rooms.Of(dependency.Target)
            where other is not null
            select new Arrow(room, other, $"{type.FullName} uses {dependency.Target.FullName}");

        Wrong(arrows).Should().BeEmpty();
    }

    /// <summary>Using directives also show dependencies that are not in the assembly, such as constants.</summary>
    [Fact]
    public void A_file_has_only_usings_of_rooms_that_its_room_may_know()
    {
        IEnumerable<Arrow> arrows =
            from file in Files()
            from match in Using.Matches(file.Text)
            let other = Rooms.Of(match.Groups["space"].Value, "")
            select new Arrow(file.Room, other, $"{file.Path} has {match.Value}");

        Wrong(arrows).Should().BeEmpty();
    }

    [Fact]
    public void Every_folder_is_a_room() =>
        Rooms.Types.Select(room => room.Key).Except(Rooms.MayKnow.Keys)
            .Should().BeEmpty("Rooms.MayKnow lists each");

    /// <summary>The vocabulary is left out: some of its members draw and save, and those rooms use it.</summary>
    [Fact]
    public void Dependencies_between_rooms_have_no_cycle()
    {
        HashSet<string> done = [Rooms.Vocabulary];
        while (Rooms.MayKnow.Keys.FirstOrDefault(IsNext) is { } room)
            done.Add(room);

        Rooms.MayKnow.Keys.Except(done).Should().BeEmpty();

        bool IsNext(string room) => !done.Contains(room) && done.IsSupersetOf(Rooms.MayKnow[room]);
    }

    [Fact]
    public void Only_the_runtime_room_runs_ONNX_Runtime()
    {
        IEnumerable<string> others =
            from room in Rooms.Types
            where !MayUseOnnxRuntime.Contains(room.Key)
            from type in room
            from dependency in type.Dependencies
            where dependency.Target.FullName.StartsWith(OnnxRuntime, StringComparison.Ordinal)
            select $"{type.FullName} uses {dependency.Target.FullName}";

        others.Distinct().Should().BeEmpty();
    }

    /// <summary>The text also shows constants, such as an element type.</summary>
    [Fact]
    public void Only_the_runtime_room_names_ONNX_Runtime()
    {
        IEnumerable<string> others =
            from file in Files()
            where !MayUseOnnxRuntime.Contains(file.Room) && file.Text.Contains(OnnxRuntime, StringComparison.Ordinal)
            select file.Path;

        others.Should().BeEmpty();
    }

    private static IEnumerable<string> Wrong(IEnumerable<Arrow> arrows) =>
        from arrow in arrows.Distinct()
        where arrow.From != arrow.To && !Rooms.MayKnow[arrow.From].Contains(arrow.To)
        orderby arrow.From, arrow.To
        select $"{arrow.From} knows {arrow.To}: {arrow.Reason}";

    private static IEnumerable<(string Path, string Room, string Text)> Files()
    {
        string library = Path.Combine(SharedFolder.Repository, "src", "ScoreCam");
        foreach (string file in SourceFiles.Under("src/ScoreCam"))
        {
            string path = Path.GetRelativePath(library, file);
            string folder = Path.GetDirectoryName(path)!.Replace(Path.DirectorySeparatorChar, '.');
            string space = folder.Length == 0 ? "ScoreCam" : $"ScoreCam.{folder}";
            string room = Rooms.Of(space, Path.GetFileName(path).Split('.')[0]);
            yield return (path, room, File.ReadAllText(file));
        }
    }

    [GeneratedRegex(@"^using (?<space>ScoreCam(?:\.\w+)*)", RegexOptions.Multiline)]
    private static partial Regex Using { get; }

    private sealed record Arrow(string From, string To, string Reason);
}
