using ScoreCam.Onnx.Model;
using ScoreCam.Tests.Support;
using ScoreCam.Tests.Support.Proto;

namespace ScoreCam.Fuzz;

/// <summary>Compares the library's reader with Google's protobuf library, field by field.</summary>
public static class Agreement
{
    /// <summary>Compares everything that is read. A model that Google's library refuses is not compared.</summary>
    /// <param name="bytes">A model that the library reads.</param>
    /// <returns>Whether it was compared.</returns>
    /// <exception cref="FuzzFailure">The two readers differ.</exception>
    public static bool Check(byte[] bytes)
    {
        ModelProto expected;
        try
        {
            expected = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return false;
        }
        OnnxGraph graph = OnnxGraph.Read(bytes);
        GraphProto proto = expected.Graph;
        Same("IR version", graph.IrVersion, expected.IrVersion);
        Same("opsets", Pairs(graph.OpsetImports),
            Pairs(Last(expected.OpsetImport, o => o.Domain == "ai.onnx" ? "" : o.Domain, o => o.Version)));
        Same("metadata", Pairs(graph.Metadata), Pairs(Last(expected.MetadataProps, o => o.Key, o => o.Value)));
        Same("nodes", graph.Nodes.Select(Describe), proto.Node.Select(Describe));
        Same("ranges of nodes", graph.Nodes.Select(n => NodeProto.Parser.ParseFrom(n.Range.Of(bytes))), proto.Node);
        Same("names in subgraphs",
            graph.Nodes.Select(n => string.Join('|', n.Captured.Order(StringComparer.Ordinal))),
            proto.Node.Select(n => string.Join('|', Captured(n).Distinct().Order(StringComparer.Ordinal))));
        OnnxInitializer[] dense = [.. graph.Initializers.Where(i => !i.IsSparse)],
            sparse = [.. graph.Initializers.Where(i => i.IsSparse)];
        Same("initializers", dense.Select(Describe), proto.Initializer.Select(Describe));
        Same("ranges of initializers", dense.Select(i => TensorProto.Parser.ParseFrom(i.Range.Of(bytes))),
            proto.Initializer);
        Same("values of small integers", dense.Select(i => i.Integers is null ? null : string.Join(',', i.Integers)),
            dense.Zip(proto.Initializer, (i, p) => i.Integers is null ? null : string.Join(',', Integers(p))));
        Same("sparse initializers", sparse.Select(Describe),
            proto.SparseInitializer.Select(s =>
            $"{s.Values?.Name} {s.Values?.DataType ?? 0} [{string.Join(',', s.Dims)}] -1 "));
        HashSet<string> constant =
            [.. proto.Initializer.Select(i => i.Name), .. proto.SparseInitializer.Select(i => i.Values?.Name ?? "")];
        Same("inputs", graph.Inputs.Select(Describe),
            proto.Input.Where(i => !constant.Contains(i.Name)).Select(Describe));
        Same("outputs", graph.Outputs.Select(Describe), proto.Output.Select(Describe));
        Same("value infos", graph.ValueInfo.Select(Describe), proto.ValueInfo.Select(Describe));
        return true;
    }

    private static void Same<T>(string what, T actual, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
            throw new FuzzFailure($"The {what} differ: read {actual}, but protobuf reads {expected}.");
    }

    private static void Same<T>(string what, IEnumerable<T> actual, IEnumerable<T> expected)
    {
        T[] ours = [.. actual], theirs = [.. expected];
        Same($"numbers of {what}", ours.Length, theirs.Length);
        for (int i = 0; i < ours.Length; i++)
            Same($"{what} at {i}", ours[i], theirs[i]);
    }

    /// <summary>If keys are equal, the last one is used.</summary>
    private static Dictionary<string, TValue> Last<TItem,
        TValue>(IEnumerable<TItem> items, Func<TItem, string> key, Func<TItem, TValue> value)
    {
        Dictionary<string, TValue> last = [];
        foreach (TItem item in items)
            last[key(item)] = value(item);
        return last;
    }

    private static IEnumerable<string> Pairs<T>(IReadOnlyDictionary<string, T> pairs) =>
        pairs.Select(p => $"{p.Key} = {p.Value}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Captured(NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Append(a.G))
            .SelectMany(g => g.Output.Select(o => o.Name).Concat(g.Node.SelectMany(n => n.Input.Concat(Captured(n)))));

    private static IEnumerable<long> Integers(TensorProto tensor) =>
        !tensor.HasRawData ? tensor.DataType == TinyModel.DataType.Int64 ? tensor.Int64Data
            : tensor.Int32Data.Select(i => (long)i)
        : tensor.DataType == TinyModel.DataType.Int64
            ? Enumerable.Range(0, tensor.RawData.Length / 8)
            .Select(i => BitConverter.ToInt64(tensor.RawData.Span[(8 * i)..]))
        : Enumerable.Range(0, tensor.RawData.Length / 4)
            .Select(i => (long)BitConverter.ToInt32(tensor.RawData.Span[(4 * i)..]));

    private static string Describe(OnnxNode n) =>
        $"{n.Name}|{n.Domain}|{n.OpType}|{string.Join(',', n.Inputs)}|{string.Join(',', n.Outputs)}|"
        + string.Join(';', n.Attributes.Select(a =>
            $"{a.Name} {(int)a.Kind} {a.Int} {a.Float:R} '{a.Text}' [{string.Join(',', a.Ints)}] {a.HasSubgraph} "
            + $"{(a.Tensor is null ? "" : Describe(a.Tensor))}"));

    private static string Describe(NodeProto n) =>
        $"{n.Name}|{(n.Domain == "ai.onnx" ? "" : n.Domain)}|{n.OpType}|"
        + $"{string.Join(',', n.Input)}|{string.Join(',', n.Output)}|"
        + string.Join(';', n.Attribute.Select(a =>
            $"{a.Name} {(int)a.Type} {a.I} {a.F:R} '{(a.S.Length <= 256 ? a.S.ToStringUtf8() : "")}' "
            + $"[{string.Join(',', a.Ints)}] {a.G is not null || a.Graphs.Count > 0} "
            + $"{(a.T is null ? "" : Describe(a.T))}"));

    private static string Describe(OnnxInitializer t) =>
        $"{t.Name} {(int)t.ElementType} [{string.Join(',', t.Dims)}] {t.RawData?.Length ?? -1} {t.ExternalLocation}";

    private static string Describe(TensorProto t) =>
        $"{t.Name} {t.DataType} [{string.Join(',', t.Dims)}] {(t.HasRawData ? t.RawData.Length : -1)} "
            + $"{((int)t.DataLocation == 1 ? t.ExternalData.LastOrDefault(e => e.Key == "location")?.Value : "")}";

    private static string Describe(OnnxValue v) =>
        $"{v.Name} {v.IsTensor} {(int)v.ElementType} {(v.Dims is null ? "?" : string.Join(',', v.Dims))}";

    private static string Describe(ValueInfoProto v)
    {
        TypeProto.Types.Tensor? tensor = v.Type?.TensorType;
        bool isTensor = v.Type is null || v.Type.ValueCase is TypeProto.ValueOneofCase.TensorType
            or TypeProto.ValueOneofCase.None;
        IEnumerable<long>? dims = tensor?.Shape?.Dim.Select(d => d.HasDimValue ? Math.Max(-1, d.DimValue) : -1);
        return $"{v.Name} {isTensor} {tensor?.ElemType ?? 0} {(dims is null ? "?" : string.Join(',', dims))}";
    }
}
