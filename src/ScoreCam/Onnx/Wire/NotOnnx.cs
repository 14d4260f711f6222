using System.Buffers;

namespace ScoreCam.Onnx.Wire;

/// <summary>
/// Recognises files that are often mistaken for ONNX models, and describes what they are and what to do.
/// </summary>
internal static class NotOnnx
{
    private static readonly SearchValues<byte> Printable = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x5f).Select(b => (byte)b), (byte)'\t', (byte)'\r', (byte)'\n']);

    private static readonly (int Offset, byte[] Signature, string Message)[] Signatures =
    [
        (4, [.. "ORTM"u8],
            "This is ONNX Runtime's own .ort format, which cannot be tapped: "
            + "load the .onnx model it was converted from."),
        (4, [.. "TFL3"u8], "This is a TensorFlow Lite model, not ONNX: convert it, for example with tf2onnx."),
        (0, [.. "version https://git-lfs"u8],
            "This is a Git LFS pointer, not the model itself: fetch it with 'git lfs pull'."),
        (0, [.. "PK\u0003\u0004"u8],
            "This is a ZIP archive (a PyTorch checkpoint, a Keras file or a packed model), not ONNX: "
            + "export or unpack it first."),
        (0, [0x89, .. "HDF\r\n"u8],
            "This is an HDF5 file (a Keras model), not ONNX: convert it, for example with tf2onnx."),
        (0, [0x89, .. "PNG\r\n"u8], "This is a PNG picture, not an ONNX model."),
        (0, [0xff, 0xd8, 0xff], "This is a JPEG picture, not an ONNX model."),
        (0, [0x1f, 0x8b], "This is gzip-compressed, not ONNX: unpack it first."),
    ];

    /// <summary>Describes what the bytes are and what to do; null if they are not recognised.</summary>
    public static string? Recognise(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "The model is empty (0 bytes).";
        foreach ((int offset, byte[] signature, string message) in Signatures)
            if (bytes.Length >= offset && bytes[offset..].StartsWith(signature))
                return message;
        ReadOnlySpan<byte> head = bytes[..Math.Min(bytes.Length, 256)];
        if (head.ContainsAnyExcept(Printable))
            return bytes.ContainsAnyExcept((byte)0) ? null
                : $"The model is {bytes.Length} bytes of zeros, not ONNX: an unfinished download?";
        return head.TrimStart(" \t\r\n"u8).StartsWith("<"u8)
            ? "This is an HTML or XML page, not an ONNX model: a download that gave an error or a log-in page?"
            : "This is a text file, not an ONNX model.";
    }
}
