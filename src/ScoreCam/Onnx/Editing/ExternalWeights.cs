using ScoreCam.IO;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Editing;

/// <summary>
/// Copies weights from files beside the model into its bytes. Otherwise, ONNX Runtime would read the files again for
/// every session. A file that changed in the meantime would mix two networks, and a truncated file would end the
/// process.
/// </summary>
internal static class ExternalWeights
{
    /// <summary>
    /// Returns the model's bytes with the weights included; null if no weights are external, or if they do not fit into
    /// one array.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The size exceeds <paramref name="maxBytes"/>, and this limit is less than one array can hold.
    /// </exception>
    /// <exception cref="UnsupportedModelException">A file is shorter than the model states.</exception>
    public static ReadOnlyMemory<byte>? TakeIn(ModelFiles files, OnnxGraph graph, int maxBytes)
    {
        OnnxInitializer[] outside =
            [.. graph.Initializers.Where(tensor => tensor is { ExternalLocation: not null, IsSparse: false })];
        if (outside.Length == 0)
            return null;
        var model = new EditableModel(graph);
        foreach (OnnxInitializer tensor in outside)
            model.Replace(tensor, Content(files, tensor));
        ProtoWriter whole = model.Write();
        if (whole.Length <= Math.Min(maxBytes, LimitedReader.ModelBytes))
            return whole.ToArray();
        // With the default limit, any network can be loaded. If a network does not fit into one array, ONNX Runtime
        // maps its files.
        return maxBytes >= LimitedReader.ModelBytes ? null : throw new InvalidDataException(
            $"'{files.Name}' has {whole.Length} bytes with its weights in other files, "
            + $"more than the {maxBytes} allowed; raise {ModelFiles.Bound} if you trust it.");
    }

    /// <summary>Returns the TensorProto with the values instead of their location.</summary>
    private static ProtoWriter Content(ModelFiles files, OnnxInitializer tensor)
    {
        var content = new ProtoWriter();
        long offset = 0;
        long? length = null;
        var reader = new ProtoReader(files.Model.Span, tensor.Range);
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            if (field == Schema.Tensor.ExternalData && type == WireType.Bytes)
            {
                (string key, string value) = OnnxReader.ReadEntry(reader.Message());
                if (key == "offset")
                    offset = Number(tensor, key, value);
                if (key == "length")
                    length = Number(tensor, key, value);
                continue;
            }
            reader.Skip(type);
            if (field != Schema.Tensor.DataLocation)
                content.Raw(files.Model[start..reader.Position]);
        }
        string path = Path.Combine(files.Folder!, tensor.ExternalLocation!);
        long available = Math.Max(0, new FileInfo(path).Length - offset);
        long stated = length ?? LengthOf(tensor) ?? available;
        if (stated < 0 || stated > available)
            throw new UnsupportedModelException(
                $"The weights '{tensor.Name}' are {stated} bytes at offset {offset} of '{tensor.ExternalLocation}', "
                + $"which has {offset + available}: the model is damaged.");
        return content.Bytes(Schema.Tensor.RawData, stated, destination => Read(path, offset, destination));
    }

    /// <summary>
    /// Returns the length that follows from the element type and the shape; null if the type is unknown.
    /// </summary>
    private static long? LengthOf(OnnxInitializer tensor) =>
        tensor.ElementType.BytesPerValue() is { } size
            ? tensor.Dims.Aggregate((long)size, (product, dim) => product * dim)
            : null;

    private static long Number(OnnxInitializer tensor, string key, string value) =>
        long.TryParse(value, out long number) && number >= 0 ? number : throw new UnsupportedModelException(
            $"The {key} of the weights '{tensor.Name}' in '{tensor.ExternalLocation}' is '{value}', and a number was "
            + "expected: the model is damaged.");

    private static void Read(string path, long offset, Span<byte> destination)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        file.Seek(offset, SeekOrigin.Begin);
        file.ReadExactly(destination);
    }
}
