using ScoreCam.Tests.Support.Proto;

namespace ScoreCam.Tests.Support;

/// <summary>
/// Saves a model with its weights in another file, weights.bin, beside it, as exporters do: each at a multiple of
/// 4096 bytes.
/// </summary>
internal static class ExternalWeightFiles
{
    /// <param name="model">The model.</param>
    /// <param name="folder">Where both files go.</param>
    /// <param name="weights">The file of the weights.</param>
    /// <param name="change">Called with each tensor whose weights are beside the model.</param>
    /// <returns>The path of the model; its weights are no longer in it.</returns>
    public static string Save(TinyModel model, TemporaryFolder folder, out string weights,
        Action<TensorProto>? change = null)
    {
        using var file = new MemoryStream();
        foreach (TensorProto tensor in model.Model.Graph.Initializer.Where(i => i.RawData.Length > 64))
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{file.Length}" });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{tensor.RawData.Length}" });
            file.Write(tensor.RawData.Span);
            file.SetLength((file.Length + 4095) / 4096 * 4096);
            file.Seek(0, SeekOrigin.End);
            tensor.ClearRawData();
            tensor.DataLocation = 1;
            change?.Invoke(tensor);
        }
        File.WriteAllBytes(weights = folder.File("weights.bin"), file.ToArray());
        File.WriteAllBytes(folder.File("model.onnx"), model.ToBytes());
        return folder.File("model.onnx");
    }
}
