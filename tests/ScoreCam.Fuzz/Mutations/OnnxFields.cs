namespace ScoreCam.Fuzz.Mutations;

/// <summary>The message of onnx.proto that a field contains.</summary>
internal enum Message
{
    /// <summary>A number, a text, bytes, or a message that is not parsed.</summary>
    None,
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    Sparse,
    Value,
    Type,
    TensorType,
    Shape,
    Dimension,
    Entry,
    Opset,
    Function,
}

/// <summary>
/// A field in the bytes of a model: the places of its tag, content and end, and the field that contains it.
/// </summary>
/// <param name="Start">Place of the tag.</param>
/// <param name="Content">Place after tag and length.</param>
/// <param name="End">Place after the field.</param>
/// <param name="Parent">Index of the message that contains it; −1 for the model.</param>
/// <param name="Number">Field number.</param>
/// <param name="Wire">Wire type: 0 varint, 1 and 5 fixed, 2 with a length.</param>
/// <param name="Holds">The message inside.</param>
internal readonly record struct FieldSite(int Start, int Content, int End, int Parent, int Number, int Wire,
    Message Holds);

/// <summary>
/// Finds the fields of a model, independently of the library's reader. A message is parsed up to its first malformed
/// field.
/// </summary>
internal static class OnnxFields
{
    private const int Deepest = 40;

    public static List<FieldSite> Of(ReadOnlySpan<byte> model)
    {
        List<FieldSite> sites = [];
        Read(model, 0, model.Length, -1, Message.Model, sites, 0);
        return sites;
    }

    private static void Read(ReadOnlySpan<byte> model, int position, int end, int parent, Message message,
        List<FieldSite> sites, int depth)
    {
        while (position < end)
        {
            int start = position;
            if (!Varint(model[..end], ref position, out ulong tag))
                return;
            (int number, int wire) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
            int content = position;
            ulong length;
            switch (wire)
            {
                case 0 when Varint(model[..end], ref position, out _):
                    length = 0;
                    break;
                case 1 or 5:
                    length = wire == 1 ? 8UL : 4UL;
                    break;
                case 2 when Varint(model[..end], ref position, out length):
                    content = position;
                    break;
                default:
                    return;
            }
            if (length > (ulong)(end - position))
                return;
            position += (int)length;
            Message inside = wire == 2 ? Inside(message, number) : Message.None;
            sites.Add(new(start, content, position, parent, number, wire, inside));
            if (inside != Message.None && depth < Deepest)
                Read(model, content, position, sites.Count - 1, inside, sites, depth + 1);
        }
    }

    private static Message Inside(Message outer, int field) => (outer, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 8) => Message.Opset,
        (Message.Model, 14) => Message.Entry,
        (Message.Model, 25) => Message.Function,
        (Message.Function, 7) or (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 11 or 12 or 13) => Message.Value,
        (Message.Graph, 15) => Message.Sparse,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Sparse, 1 or 2) => Message.Tensor,
        (Message.Tensor, 13) => Message.Entry,
        (Message.Value, 2) => Message.Type,
        (Message.Type, 1) => Message.TensorType,
        (Message.TensorType, 2) => Message.Shape,
        (Message.Shape, 1) => Message.Dimension,
        _ => Message.None,
    };

    private static bool Varint(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && position < bytes.Length; shift += 7)
        {
            byte next = bytes[position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }
}
