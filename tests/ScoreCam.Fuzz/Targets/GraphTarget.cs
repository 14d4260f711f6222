using ScoreCam.Fuzz.Mutations;
using ScoreCam.Fuzz.Seeds;
using ScoreCam.Onnx.Model;

namespace ScoreCam.Fuzz.Targets;

/// <summary>The protobuf reader. It reads the same values as Google's library.</summary>
internal sealed class GraphTarget : FuzzTarget
{
    public override string Name => "model";

    public override IReadOnlyList<byte[]> Seeds => ModelSeeds.All;

    /// <summary>A message of two bytes costs an object and its lists.</summary>
    public override long AllowedBytes(int length) => (1 << 16) + (256L * length);

    public override byte[] Mutate(byte[] seed, Random random) => OnnxMutator.Mutate(seed, random, Seeds);

    public override void Read(byte[] file) => OnnxGraph.Read(file);

    public override void Compare(byte[] file) => Agreement.Check(file);

    public override bool IsDocumented(Exception exception) => exception is UnsupportedModelException;
}
