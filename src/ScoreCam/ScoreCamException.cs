namespace ScoreCam;

/// <summary>
/// Thrown if an explanation cannot be computed: activations or scores are not finite, or ONNX Runtime failed (see the
/// inner exception).
/// </summary>
public sealed class ScoreCamException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ScoreCamException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
