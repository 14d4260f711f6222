using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Model;

/// <summary>
/// Checks the location of weights outside the model file. They must be in the model's folder or below it. The check
/// covers every tensor that ONNX Runtime could load, including tensors in attributes, subgraphs and functions.
/// </summary>
internal static class ExternalData
{
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

    /// <exception cref="UnsupportedModelException">
    /// A location is outside the model's folder or does not exist, there is no folder, or the bytes are malformed.
    /// </exception>
    public static void Check(ReadOnlySpan<byte> model, string? folder)
    {
        try
        {
            Walk(new ProtoReader(model), Message.Model, folder, 0);
        }
        catch (InvalidDataException malformed)
        {
            throw new UnsupportedModelException(
                $"The model cannot be read as ONNX ({malformed.Message}): it is damaged.", malformed);
        }
    }

    private static void Walk(ProtoReader reader, Message message, string? folder, int depth)
    {
        if (depth > DeepestMessage)
            throw new InvalidDataException(
                $"messages nested more than {DeepestMessage} deep at byte {reader.Position}");
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
        (Message.Model, Schema.Model.Graph) => Message.Graph,
        (Message.Model, Schema.Model.Training) => Message.Training,
        (Message.Model, Schema.Model.Function) => Message.Function,
        (Message.Training, Schema.Training.Initialization or Schema.Training.Algorithm) => Message.Graph,
        (Message.Function, Schema.Function.Node) or (Message.Graph, Schema.Graph.Node) => Message.Node,
        (Message.Function, Schema.Function.Attribute) or (Message.Node, Schema.Node.Attribute) => Message.Attribute,
        (Message.Graph, Schema.Graph.Initializer) => Message.Tensor,
        (Message.Graph, Schema.Graph.SparseInitializer) => Message.Sparse,
        (Message.Attribute, Schema.Attribute.Graph or Schema.Attribute.Graphs) => Message.Graph,
        (Message.Attribute, Schema.Attribute.Tensor or Schema.Attribute.Tensors) => Message.Tensor,
        (Message.Attribute, Schema.Attribute.SparseTensor or Schema.Attribute.SparseTensors) => Message.Sparse,
        (Message.Sparse, Schema.SparseTensor.Values or Schema.SparseTensor.Indices) => Message.Tensor,
        _ => Message.Other,
    };

    private static void CheckTensor(ProtoReader reader, string? folder)
    {
        string name = "";
        bool outside = false;
        List<string> locations = [];
        while (reader.Next(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (Schema.Tensor.Name, WireType.Bytes):
                    name = reader.Text();
                    break;
                case (Schema.Tensor.ExternalData, WireType.Bytes):
                    (string key, string value) = OnnxReader.ReadEntry(reader.Message());
                    if (key == "location")
                        locations.Add(value);
                    break;
                case (Schema.Tensor.DataLocation, WireType.Varint):
                    outside = reader.Int64() == Schema.External;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        if (outside && folder is null)
            throw new UnsupportedModelException(
                $"The weights '{name}' are in another file, '{locations.LastOrDefault()}'; "
                + "load the model from its path, so that they can be found.");
        if (outside && locations.Count == 0)
            throw new UnsupportedModelException(
                $"The weights '{name}' are in another file, but the model does not name the file.");
        foreach (string location in folder is null ? [] : locations)
            CheckLocation(name, location, folder!, mustExist: outside);
    }

    private static void CheckLocation(string name, string location, string folder, bool mustExist)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        bool isPath = !location.Contains('\0') && !Path.IsPathRooted(location);
        string full = isPath ? Path.GetFullPath(location, root) : "";
        if (!full.StartsWith(root, StringComparison.Ordinal))
            throw new UnsupportedModelException(
                $"The weights '{name}' are in '{location}', outside of the model's folder. ScoreCam refuses such a "
                + "model.");
        if (mustExist && !File.Exists(full))
            throw new UnsupportedModelException(
                $"The weights '{name}' are in '{location}', but there is no such file beside the model.");
    }
}
