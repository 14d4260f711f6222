using System.Buffers.Binary;
using System.Text;
using FluentAssertions;
using ScoreCam.IO;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.IO;

/// <summary>
/// Fixtures/npy was written by NumPy 1.24. Its 2 × 3 × 4 arrays contain −3, −2.625, … in steps of 0.375, exact in
/// every float type.
/// </summary>
public class NpyArrayTests
{
    private static readonly float[] Steps = [.. Enumerable.Range(0, 24).Select(i => (i * 0.375f) - 3)];

    [Theory]
    [InlineData("f4-2x3x4.npy")]
    [InlineData("f8-2x3x4.npy")]
    [InlineData("f2-2x3x4.npy")]
    [InlineData("f4-v2.npy")]
    [InlineData("f4-v3.npy")]
    public void Reads_what_numpy_wrote(string file)
    {
        NpyArray array = NpyArray.Load(Fixture(file));
        array.Shape.Should().Equal(2, 3, 4);
        array.Values.ToArray().Should().Equal(Steps);
    }

    [Theory]
    [InlineData("f4-2x3x4.npy", new[] { 2, 3, 4 })]
    [InlineData("f4-5.npy", new[] { 5 })]
    [InlineData("f4-scalar.npy", new int[0])]
    [InlineData("f4-0x3.npy", new[] { 0, 3 })]
    public void Writes_the_bytes_that_numpy_writes(string file, int[] shape)
    {
        NpyArray read = NpyArray.Load(Fixture(file));
        read.Shape.Should().Equal(shape);
        using MemoryStream written = new();
        new NpyArray(shape, read.Values).Save(written);
        written.ToArray().Should().Equal(File.ReadAllBytes(Fixture(file)));
    }

    [Fact]
    public void Keeps_special_values()
    {
        float[] values = NpyArray.Load(Fixture("f4-5.npy")).Values.ToArray();
        values.Select(BitConverter.SingleToInt32Bits)
            .Should().Equal(0x3f800000, unchecked((int)0xc0200000), 0x7f800000, int.MinValue, 1);
    }

    [Fact]
    public void Reads_back_more_than_one_chunk()
    {
        using TemporaryFolder folder = new();
        float[] values = [.. Enumerable.Range(0, 100_003).Select(i => MathF.Sin(i))];
        new NpyArray([100_003, 1], values).Save(folder.File("a.npy"));
        NpyArray.Load(folder.File("a.npy")).Values.ToArray().Should().Equal(values);
    }

    [Theory]
    [InlineData("fortran.npy", "Fortran order")]
    [InlineData("big-endian.npy", "type is >f4")]
    [InlineData("i8.npy", "type is <i8")]
    [InlineData("structured.npy", "structured")]
    public void Refuses_other_kinds_of_array(string file, string says) =>
        FluentActions.Invoking(() => NpyArray.Load(Fixture(file)))
            .Should().Throw<InvalidDataException>().WithMessage($"*{file}*{says}*");

    [Fact]
    public void Refuses_a_file_cut_at_any_byte()
    {
        byte[] whole = File.ReadAllBytes(Fixture("f4-2x3x4.npy"));
        for (int length = 0; length < whole.Length; length++)
            FluentActions.Invoking(() => NpyArray.Load(new MemoryStream(whole[..length])))
                .Should().Throw<InvalidDataException>($"{length} bytes are not the whole file");
    }

    [Fact]
    public void Refuses_bytes_after_the_array_in_a_file_but_leaves_them_in_a_stream()
    {
        byte[] twice = [.. File.ReadAllBytes(Fixture("f4-2x3x4.npy")), .. File.ReadAllBytes(Fixture("f4-5.npy"))];
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("twice.npy"), twice);
        FluentActions.Invoking(() => NpyArray.Load(folder.File("twice.npy")))
            .Should().Throw<InvalidDataException>().WithMessage("*more bytes follow*");
        using MemoryStream stream = new(twice);
        NpyArray.Load(stream).Shape.Should().Equal(2, 3, 4);
        NpyArray.Load(stream).Shape.Should().Equal(5);
    }

    [Theory]
    [InlineData("(65536, 65536, 65536, 65536)", "more than")]
    [InlineData("(2147483647, 2147483647, 3)", "more than")]
    [InlineData("(268435457,)", "more than")]
    [InlineData("(268435456,)", "ends after 0")] // allowed, but the data is not there
    [InlineData("(99999999999,)", "not a size")]
    [InlineData("(-1,)", "not a size")]
    [InlineData("(2, x)", "not a size")]
    [InlineData("(1,,2)", "not a size")]
    [InlineData("2", "lacks fortran_order or shape")]
    public void Refuses_impossible_shapes(string shape, string says) =>
        FluentActions.Invoking(() =>
                NpyArray.Load(WithHeader($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n")))
            .Should().Throw<InvalidDataException>().WithMessage($"*{says}*");

    [Theory]
    [InlineData(4, 100, "version 4")]
    [InlineData(0, 100, "version 0")]
    [InlineData(2, 1_000_000, "header has 1000000 bytes")]
    [InlineData(1, 0, "lacks fortran_order or shape")]
    public void Refuses_impossible_headers(byte version, int length, string says)
    {
        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, length);
        byte[] bytes = [0x93, .. "NUMPY"u8, version, 0, .. version == 1 ? size[..2] : size];
        FluentActions.Invoking(() => NpyArray.Load(new MemoryStream(bytes)))
            .Should().Throw<InvalidDataException>().WithMessage($"*{says}*");
    }

    [Fact]
    public void Reads_headers_that_others_write()
    {
        MemoryStream file = WithHeader("""{"shape": (1, 2), "fortran_order": False, "descr": "<f4"}""");
        file.Position = file.Length;
        file.Write([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
        file.Position = 0;
        NpyArray.Load(file).Values.ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public void Arrays_have_at_most_32_dimensions()
    {
        using MemoryStream stream = new();
        new NpyArray([.. Enumerable.Repeat(1, 32)], [7]).Save(stream);
        stream.Position = 0;
        NpyArray.Load(stream).Shape.Should().Equal(Enumerable.Repeat(1, 32));
        FluentActions.Invoking(() => new NpyArray([.. Enumerable.Repeat(1, 33)], [7]))
            .Should().Throw<ArgumentException>().WithMessage("*32*33*");
    }

    [Fact]
    public void Checks_its_arguments()
    {
        FluentActions.Invoking(() => new NpyArray([2, 3], new float[5]))
            .Should().Throw<ArgumentException>().WithMessage("*(2, 3)*5 values*");
        FluentActions.Invoking(() => new NpyArray([-1, -1], new float[1]))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => NpyArray.Load((string)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => NpyArray.Load((Stream)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => NpyArray.Load("no such file.npy")).Should().Throw<FileNotFoundException>();
    }

    private static MemoryStream WithHeader(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        MemoryStream stream = new();
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)bytes.Length, 0, .. bytes]);
        stream.Position = 0;
        return stream;
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "npy", name);
}
