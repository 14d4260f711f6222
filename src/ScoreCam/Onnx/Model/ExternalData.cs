using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>
/// Weights outside of the model file: allowed beside it and below, nowhere else. Every tensor counts that ONNX Runtime could load, also those in attributes,
/// subgraphs and functions, and every location counts that one of them states.
/// </summary>
internal static class ExternalData
{
    private const long StoredOutside = 1;
    private const int DeepestMessage = 200;

    private enum Message
    {
        Other,
        Model,
        Training,
        Function,
        Graph,
        Node,
        Attribute,
        Sparse,
        Tensor,
    }

    /// <exception cref="UnsupportedModelException">A location leaves the model's folder, is missing, or there is no folder; or the bytes are malformed.</exception>
    public static void Check(ReadOnlySpan<byte> model, string? folder)
    {
        try
        {
            Walk(new ProtoReader(model), Message.Model, folder, 0);
        }
        catch (InvalidDataException malformed)
        {
            throw new UnsupportedModelException($"The model cannot be read as ONNX ({malformed.Message}): it is damaged.", malformed);
        }
    }

    private static void Walk(ProtoReader reader, Message message, string? folder, int depth)
    {
        if (depth > DeepestMessage)
            throw new InvalidDataException($"messages nested more than {DeepestMessage} deep at byte {reader.Position}");
        while (reader.Next(out int field, out WireType type))
        {
            Message inside = type == WireType.Bytes ? Inside(message, field) : Message.Other;
            if (inside == Message.Tensor)
                CheckTensor(reader.Message(), folder);
            else if (inside == Message.Other)
                reader.Skip(type);
            else
                Walk(reader.Message(), inside, folder, depth + 1);
        }
    }

    private static Message Inside(Message message, int field) => (message, field) switch
    {
        (Message.Model, 7) or (Message.Training, 1 or 2) or (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Model, 20) => Message.Training,
        (Message.Model, 25) => Message.Function,
        (Message.Graph, 1) or (Message.Function, 7) => Message.Node,
        (Message.Node, 5) or (Message.Function, 11) => Message.Attribute,
        (Message.Graph, 15) or (Message.Attribute, 22 or 23) => Message.Sparse,
        (Message.Graph, 5) or (Message.Attribute, 5 or 10) or (Message.Sparse, 1 or 2) => Message.Tensor,
        _ => Message.Other,
    };

    private static void CheckTensor(ProtoReader reader, string? folder)
    {
        string name = "";
        bool outside = false;
        List<string> locations = [];
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 8 && type == WireType.Bytes)
                name = reader.Text();
            else if (field == 13 && type == WireType.Bytes)
                AddLocation(OnnxReader.ReadEntry(reader.Message()), locations);
            else if (field == 14 && type == WireType.Varint)
                outside = reader.Int64() == StoredOutside;
            else
                reader.Skip(type);
        }
        if (outside && folder is null)
            throw new UnsupportedModelException($"The weights '{name}' are in another file, '{locations.LastOrDefault()}'; load the model from its path, so that they can be found.");
        if (outside && locations.Count == 0)
            throw new UnsupportedModelException($"The weights '{name}' are said to be in another file, but the model does not say in which.");
        foreach (string location in folder is null ? [] : locations)
            CheckLocation(name, location, folder!, mustExist: outside);
    }

    private static void AddLocation((string Key, string Value) entry, List<string> locations)
    {
        if (entry.Key == "location")
            locations.Add(entry.Value);
    }

    private static void CheckLocation(string name, string location, string folder, bool mustExist)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        if (location.Contains('\0') || Path.IsPathRooted(location) || Path.GetFullPath(location, root) is var full && !full.StartsWith(root, StringComparison.Ordinal))
            throw new UnsupportedModelException($"The weights '{name}' are said to be in '{location}', outside of the model's folder; such a model is refused.");
        if (mustExist && !File.Exists(full))
            throw new UnsupportedModelException($"The weights '{name}' are said to be in '{location}', but there is no such file beside the model.");
    }
}
