using ScoreCam.Tests.Methods;
using ScoreCam.Tests.Support.Proto;
using static ScoreCam.Tests.Support.TinyVit;

namespace ScoreCam.Tests.Support;

/// <summary>
/// A network, run by ONNX Runtime alone, in which the values of one tensor of tokens are given. Nothing else changes.
/// </summary>
internal sealed class ReplacedLayer : IDisposable
{
    private readonly TinyVit _vit;
    private readonly TinySession _session;

    public ReplacedLayer(TinyVit vit, string tensor)
    {
        _vit = vit;
        ModelProto model = ModelProto.Parser.ParseFrom(vit.ToBytes());
        using (var whole = new TinySession(model, tensor))
            Tokens = vit.Values(whole, [.. TinyVits.Picture().Tensor]);
        model.Graph.Node.Single(node => node.Output.Contains(tensor)).Output[0] = "replaced";
        model.Graph.Input.Add(new TinyModel().Input(tensor, vit.Batch, vit.Tokens, Width).Model.Graph.Input[0]);
        _session = new TinySession(model, "logits");
    }

    /// <summary>The tensor's own values.</summary>
    public float[] Tokens { get; }

    public float[] Logits(float[] tokens)
    {
        int batch = Math.Max(1, _vit.Batch);
        float[] values = [.. Enumerable.Repeat(tokens, batch).SelectMany(values => values)];
        var picture = _vit.Input([.. TinyVits.Picture().Tensor]);
        return _session.Of(picture, (values, [batch, _vit.Tokens, Width]))[..Classes];
    }

    public void Dispose() => _session.Dispose();
}
