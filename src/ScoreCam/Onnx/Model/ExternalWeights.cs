using ScoreCam.Onnx.Editing;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>
/// Takes weights that stand in files beside the model into its bytes. ONNX Runtime reads and maps such files again for every session: one that was
/// changed meanwhile would give the maps of one network and the scores of another, and one that was cut would end the process.
/// </summary>
internal static class ExternalWeights
{
    /// <summary>The model's bytes with the weights in them; null where none stand beside it, or more than one array holds.</summary>
    /// <exception cref="InvalidDataException">They are more than <paramref name="maxBytes"/>, and that is less than one array holds.</exception>
    /// <exception cref="UnsupportedModelException">A file ends before the weights that are said to be in it.</exception>
    public static ReadOnlyMemory<byte>? TakeIn(ModelFiles files, OnnxGraph graph, int maxBytes)
    {
        Dictionary<int, OnnxInitializer> beside = graph.Initializers.Where(tensor => tensor is { ExternalLocation: not null, IsSparse: false }).ToDictionary(tensor => tensor.Range.Start);
        if (beside.Count == 0)
            return null;
        List<Part> parts = [];
        var reader = new ProtoReader(files.Model.Span);
        for (int start = 0; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            if (field == 7 && type == WireType.Bytes)
            {
                List<Part> graphParts = Graph(files, reader.Peek(), beside);
                parts.Add(Part.Header(7, graphParts.Sum(part => part.Length)));
                parts.AddRange(graphParts);
            }
            reader.Skip(type);
            if (field != 7 || type != WireType.Bytes)
                parts.Add(Part.Of(files.Model[start..reader.Position]));
        }
        long length = parts.Sum(part => part.Length);
        if (length <= Math.Min(maxBytes, ModelFiles.MostBytes))
            return Join(parts);
        // Whoever did not lower the bound may load any network: what no array holds is left to ONNX Runtime, which maps the files.
        return maxBytes >= ModelFiles.MostBytes ? null
            : throw new InvalidDataException($"'{files.Name}' has {length} bytes with its weights in other files, more than the {maxBytes} allowed; raise {ModelFiles.Bound} if you trust it.");
    }

    private static List<Part> Graph(ModelFiles files, ByteRange graph, Dictionary<int, OnnxInitializer> beside)
    {
        List<Part> parts = [];
        var reader = new ProtoReader(files.Model.Span, graph);
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            OnnxInitializer? tensor = field == 5 && type == WireType.Bytes ? beside.GetValueOrDefault(reader.Peek().Start) : null;
            reader.Skip(type);
            if (tensor is null)
            {
                parts.Add(Part.Of(files.Model[start..reader.Position]));
                continue;
            }
            (ProtoWriter kept, Part weights) = Tensor(files, tensor);
            Part header = Part.Header(9, weights.Length);
            parts.AddRange([Part.Header(5, kept.Written.Length + header.Length + weights.Length), Part.Of(kept.Written.ToArray()), header, weights]);
        }
        return parts;
    }

    /// <summary>What a TensorProto says besides where its values stand, and the values.</summary>
    private static (ProtoWriter Kept, Part Weights) Tensor(ModelFiles files, OnnxInitializer tensor)
    {
        var kept = new ProtoWriter();
        long offset = 0;
        long? length = null;
        var reader = new ProtoReader(files.Model.Span, tensor.Range);
        for (int start = reader.Position; reader.Next(out int field, out WireType type); start = reader.Position)
        {
            if (field == 13 && type == WireType.Bytes)
            {
                (string key, string value) = OnnxReader.ReadEntry(reader.Message());
                if (key is "offset" or "length" && !(long.TryParse(value, out long number) && number >= 0))
                    throw new UnsupportedModelException($"The weights '{tensor.Name}' are said to be in '{tensor.ExternalLocation}' at an {key} of '{value}', which is no number: the model is damaged.");
                (offset, length) = key switch { "offset" => (long.Parse(value), length), "length" => (offset, long.Parse(value)), _ => (offset, length) };
                continue;
            }
            reader.Skip(type);
            if (field != 14)
                kept.Raw(files.Model.Span[start..reader.Position]);
        }
        string path = Path.Combine(files.Folder!, tensor.ExternalLocation!);
        long available = Math.Max(0, new FileInfo(path).Length - offset);
        length ??= ElementBytes(tensor.DataType) is { } size ? tensor.Dims.Aggregate((long)size, (product, dim) => product * dim) : available;
        return length >= 0 && length <= available ? (kept, new Part(default, path, offset, length.Value))
            : throw new UnsupportedModelException($"The weights '{tensor.Name}' are {length} bytes at offset {offset} of '{tensor.ExternalLocation}', which has {offset + available}: the model is damaged.");
    }

    /// <summary>Bytes per value of ONNX's element types; null where it is another type.</summary>
    private static int? ElementBytes(int dataType) => dataType switch
    {
        2 or 3 or 9 => 1,
        4 or 5 or 10 or 16 => 2,
        1 or 6 or 12 => 4,
        7 or 11 or 13 => 8,
        _ => null,
    };

    private static ReadOnlyMemory<byte> Join(List<Part> parts)
    {
        byte[] whole = new byte[parts.Sum(part => part.Length) + GraphPatch.Room];
        int position = 0;
        foreach (Part part in parts)
        {
            part.Read(whole.AsSpan(position, (int)part.Length));
            position += (int)part.Length;
        }
        return ModelFiles.WithRoom(whole);
    }

    /// <summary>A stretch of bytes, or of a file.</summary>
    private sealed record Part(ReadOnlyMemory<byte> Bytes, string? File, long Offset, long Length)
    {
        public static Part Of(ReadOnlyMemory<byte> bytes) => new(bytes, null, 0, bytes.Length);

        /// <summary>The tag and length before a message or bytes.</summary>
        public static Part Header(int field, long length) => Of(new ProtoWriter().Length(field, length).Written.ToArray());

        public void Read(Span<byte> destination)
        {
            if (File is null)
            {
                Bytes.Span.CopyTo(destination);
                return;
            }
            using FileStream file = new(File, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            file.Seek(Offset, SeekOrigin.Begin);
            file.ReadExactly(destination);
        }
    }
}
