using ScoreCam.Imaging;

namespace ScoreCam;

/// <summary>
/// An image classifier in ONNX: the loaded network and the facts about it. It owns the sessions; thread-safe. Disposing waits for running calls.
/// </summary>
public sealed class ImageModel : IDisposable
{
    /// <summary>Loads a model: an .onnx file, or a folder with <c>model.onnx</c> and its sidecars <c>config.json</c> and <c>preprocessor_config.json</c>.</summary>
    /// <exception cref="FileNotFoundException">No such file, or no model in the folder.</exception>
    /// <exception cref="UnsupportedModelException">Not an ONNX model, or not one that classifies one image.</exception>
    public static ImageModel Load(string path, ModelOptions? options = null) => throw new NotImplementedException();

    /// <summary>Loads a model from its bytes; they are not needed afterwards.</summary>
    /// <inheritdoc cref="Load(string, ModelOptions?)"/>
    public static ImageModel Load(byte[] model, ModelOptions? options = null) => throw new NotImplementedException();

    /// <summary>Loads a model from a stream, read to its end.</summary>
    /// <inheritdoc cref="Load(string, ModelOptions?)"/>
    public static ImageModel Load(Stream model, ModelOptions? options = null) => throw new NotImplementedException();

    /// <summary>File or folder name; <c>model</c> where it came from bytes.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>SHA-256 of the model's bytes, in lower-case hexadecimal.</summary>
    public string Sha256 => throw new NotImplementedException();

    /// <summary>What the network takes.</summary>
    public ImageInput Input => throw new NotImplementedException();

    /// <summary>Name of the tensor that is scored: the logits.</summary>
    public string ScoreTensor => throw new NotImplementedException();

    /// <summary>What the scores are.</summary>
    public ScoreKind ScoreKind => throw new NotImplementedException();

    /// <summary>Names of the classes; <c>class 0</c>, … where the model has none.</summary>
    public ClassLabels Classes => throw new NotImplementedException();

    /// <summary>How pictures become the input.</summary>
    public Preprocessing Preprocessing => throw new NotImplementedException();

    /// <summary>Every tensor that can be explained, in graph order. Found when first asked for.</summary>
    public IReadOnlyList<LayerInfo> Layers => throw new NotImplementedException();

    /// <summary>The layer that is explained by default: the end of the last convolutional block, after its activation.</summary>
    public LayerInfo DefaultLayer => throw new NotImplementedException();

    /// <summary>Prepares a picture as this model takes it.</summary>
    public PreparedImage Prepare(RgbImage picture) => throw new NotImplementedException();

    /// <summary>Classifies a picture.</summary>
    public Prediction Predict(RgbImage picture) => Predict(Prepare(picture));

    /// <summary>Classifies a prepared picture.</summary>
    public Prediction Predict(PreparedImage image) => throw new NotImplementedException();

    /// <summary>Waits for running calls, then closes the sessions.</summary>
    /// <exception cref="InvalidOperationException">Called from inside a callback of a running explanation.</exception>
    public void Dispose() => throw new NotImplementedException();
}
