using FluentAssertions;
using ScoreCam.Fuzz;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>
/// The short form of tests/ScoreCam.Fuzz, with the same cases on every machine. docs/reliability.md describes how to
/// run the long form.
/// </summary>
public class FuzzTests
{
    [Theory]
    [InlineData("model", 3000)]
    [InlineData("rewrite", 3000)]
    [InlineData("npy", 5000)]
    [InlineData("explanation", 3000)]
    [InlineData("labels", 5000)]
    [InlineData("preprocessor", 5000)]
    [InlineData("boxes", 5000)]
    [InlineData("picture", 1000)]
    public void Damaged_files_give_a_result_or_a_documented_exception_in_bounded_time_and_memory(string name,
        int cases)
    {
        FuzzTarget target = FuzzTargets.All.Single(t => t.Name == name);
        FuzzRun run = new(target, seed: 1);
        run.Run(0, cases);
        run.Figures.Cases.Should().Be(cases);
        // Some cases must be read, and some must be refused. Cases that are refused at the first byte test little.
        run.Figures.Accepted.Should().BeInRange(cases / 100, cases * 9 / 10);
        TestContext.Current.SendDiagnosticMessage($"{name}: {run.Figures}");
    }

    [Fact]
    public void A_violation_fails_the_run_and_the_message_names_the_case()
    {
        FluentActions.Invoking(() => new FuzzRun(new Broken("undocumented"), 5).Run(0, 10)).Should()
            .Throw<FuzzFailure>().WithMessage("broken, seed 5, case 1*NotSupportedException*");
        FluentActions.Invoking(() => new FuzzRun(new Broken("memory"), 5).Run(0, 10)).Should().Throw<FuzzFailure>()
            .WithMessage("*case 1*bytes were allocated*");
        FluentActions.Invoking(() => new FuzzRun(new Broken("compare"), 5).Run(0, 10)).Should().Throw<FuzzFailure>()
            .WithMessage("*case 1*differs*");
        FuzzRun sound = new(new Broken(""), 5);
        sound.Run(0, 10);
        sound.Figures.ToString().Should().StartWith("10 cases, 1 read, 9 InvalidDataException");
        new FuzzRun(new Broken(""), 5).Case(7).Should().Equal(sound.Case(7)).And.NotEqual(sound.Case(8));
    }

    /// <summary>Reads its seed, and fails in a chosen way for all other files.</summary>
    private sealed class Broken(string way) : FuzzTarget
    {
        public override string Name => "broken";

        public override IReadOnlyList<byte[]> Seeds { get; } =
            [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]];

        public override long AllowedBytes(int length) => 10_000;

        public override byte[] Mutate(byte[] seed, Random random) =>
            [.. seed, (byte)random.Next(256), (byte)random.Next(256)];

        public override void Read(byte[] file)
        {
            if (file.Length == Seeds[0].Length || way == "compare")
                return;
            if (way == "memory")
                GC.KeepAlive(new byte[20_000]);
            throw way == "undocumented" ? new NotSupportedException() : new InvalidDataException();
        }

        public override bool IsDocumented(Exception exception) => exception is InvalidDataException;

        public override void Compare(byte[] file)
        {
            if (file.Length != Seeds[0].Length)
                throw new FuzzFailure("it differs");
        }
    }
}
