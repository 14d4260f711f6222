using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Model;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>
/// Bounds on files that are read completely. Each bound accepts a file of exactly its size, and refuses one more byte.
/// </summary>
public sealed class ResourceBoundTests : IDisposable
{
    private const string Labels = """{"id2label": {"0": "a", "1": "b", "2": "c", "3": "d", "4": "e"}}""";
    private const string Preprocessor = """{"do_normalize": false, "size": {"height": 24, "width": 20}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_of_more_than_MaxModelBytes_is_refused()
    {
        byte[] network = Networks.Logits();
        File.WriteAllBytes(_folder.File("model.onnx"), network);
        using (ImageModel fits = ImageModel.Load(_folder.Path, new() { MaxModelBytes = network.Length }),
            streamed = ImageModel.Load(new MemoryStream(network), new() { MaxModelBytes = network.Length }))
            fits.Sha256.Should().Be(streamed.Sha256);
        ModelOptions tight = new() { MaxModelBytes = network.Length - 1 };
        Refused(() => ImageModel.Load(_folder.Path, tight),
            $"*model.onnx' has {network.Length} bytes, more than the {network.Length - 1} allowed; raise "
            + $"ModelOptions.MaxModelBytes*");
        Refused(() => ImageModel.Load(new MemoryStream(network), tight), "The stream has*MaxModelBytes*");
        EndlessStream endless = new();
        Refused(() => ImageModel.Load(endless, tight), "The stream has more than*MaxModelBytes*");
        endless.Given.Should().BeLessThan(network.Length + (2 << 16), "only a little more than the bound is read");
    }

    [Fact]
    public void External_weights_count_towards_MaxModelBytes()
    {
        int whole = Networks.Logits().Length;
        string path = ExternalWeightFiles.Save(Networks.Trunk().Output(), _folder, out _);
        new FileInfo(path).Length.Should().BeLessThan(whole);
        ImageModel.Load(path, new() { MaxModelBytes = whole }).Dispose();
        Refused(() => ImageModel.Load(path, new() { MaxModelBytes = whole - 1 }),
            $"'model.onnx' has {whole} bytes with its weights in other files, more than the {whole - 1} allowed; "
            + $"raise ModelOptions.MaxModelBytes*");
    }

    [Fact]
    public void Weights_too_large_for_an_array_are_refused_by_a_lower_bound_or_left_to_ONNX_Runtime()
    {
        const long Length = 3L << 30;
        using (FileStream sparse = File.Create(_folder.File("weights.bin")))
            sparse.SetLength(Length);
        TinyModel network = Networks.Trunk().Output();
        network.Model.Graph.Initializer.Add(
            new TensorProto
            {
                Name = "large",
                DataType = 1,
                Dims = { Length / 4 },
                DataLocation = 1,
                ExternalData = { new StringStringEntryProto { Key = "location", Value = "weights.bin" } }
            });
        ModelFiles files = new() { Name = "model", Model = network.ToBytes(), Folder = _folder.Path };
        OnnxGraph graph = OnnxGraph.Read(files.Model);
        ExternalWeights.TakeIn(files, graph, new ModelOptions().MaxModelBytes).Should().BeNull();
        Refused(() => ExternalWeights.TakeIn(files, graph, new ModelOptions().MaxModelBytes - 1),
            "'model' has 32212*with its weights*more than the 1999999999 allowed*");
    }

    [Fact]
    public void Sidecars_of_more_than_MaxSidecarBytes_are_refused()
    {
        File.WriteAllBytes(_folder.File("model.onnx"), Networks.Logits());
        _folder.File("config.json", Labels);
        ImageModel.Load(_folder.Path, new() { MaxSidecarBytes = Labels.Length }).Dispose();
        Refused(() => ImageModel.Load(_folder.Path, new() { MaxSidecarBytes = Labels.Length - 1 }),
            "*config.json*raise ModelOptions.MaxSidecarBytes*");
        File.Delete(_folder.File("config.json"));
        _folder.File("preprocessor_config.json", Preprocessor);
        Refused(() => ImageModel.Load(_folder.Path, new() { MaxSidecarBytes = Preprocessor.Length - 1 }),
            "*preprocessor_config.json*raise ModelOptions.MaxSidecarBytes*");
    }

    [Fact]
    public void The_default_bounds_are_the_documented_ones() =>
        (new ModelOptions().MaxModelBytes, new ModelOptions().MaxSidecarBytes).Should().Be((2_000_000_000, 16_777_216));

    [Fact]
    public void Bounds_below_one_are_refused()
    {
        foreach ((string name, ModelOptions options) in new (string, ModelOptions)[]
            { ("MaxModelBytes", new() { MaxModelBytes = 0 }), ("MaxSidecarBytes", new() { MaxSidecarBytes = -1 }) })
            FluentActions.Invoking(() => ImageModel.Load(Networks.Logits(), options))
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*{name} must be at least 1*");
    }

    [Fact]
    public void Files_that_are_loaded_separately_have_their_own_bounds()
    {
        string labels = _folder.File("labels.json", Labels),
            preprocessor = _folder.File("preprocessor.json", Preprocessor), saved = _folder.File("why.json");
        new Explanation
        {
            Method = "m",
            TargetName = "t",
            Map = new(1, 1, [0]),
            RawMap = new(1, 1, [0]),
            Mapping = PictureMapping.Identity(1, 1),
            ModelSha256 = ""
        }.Save(saved);
        int length = (int)new FileInfo(saved).Length;

        ClassLabels.Load(labels, Labels.Length).Count.Should().Be(5);
        Refused(() => ClassLabels.Load(labels, Labels.Length - 1), "*labels.json*raise maxBytes*");
        Preprocessing.Load(preprocessor, Preprocessor.Length).Width.Should().Be(20);
        Refused(() => Preprocessing.Load(preprocessor, Preprocessor.Length - 1), "*preprocessor.json*raise maxBytes*");
        Explanation.Load(saved, length).Method.Should().Be("m");
        Refused(() => Explanation.Load(saved, length - 1), "*why.json*raise maxBytes*");
        Refused(() => Explanation.Load(new EndlessStream(), 1000), "The stream has more than the 1000 bytes*");
    }

    [Fact]
    public void A_stream_without_a_length_is_read_completely()
    {
        byte[] network = Networks.Logits();
        using ImageModel model = ImageModel.Load(new Trickle(network));
        model.Sha256.Should().Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(network)));
    }

    private static void Refused(Action action, string message) =>
        action.Should().Throw<InvalidDataException>().WithMessage(message);

    /// <summary>A stream of zeros without an end.</summary>
    private sealed class EndlessStream : Trickle
    {
        public EndlessStream()
            : base(null)
        {
        }
    }

    /// <summary>A stream that cannot be sought and gives a few bytes at a time.</summary>
    private class Trickle(byte[]? bytes) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException(); set =>
            throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = Math.Min(count, 777);
            if (bytes is null)
                buffer.AsSpan(offset, count).Clear();
            else
                bytes.AsSpan((int)Given, count = (int)Math.Min(count, bytes.Length - Given))
                    .CopyTo(buffer.AsSpan(offset));
            Given += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
