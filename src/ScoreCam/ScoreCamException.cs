namespace ScoreCam;

/// <summary>
/// An explanation that could not be computed: non-finite activations or scores, or a failure of ONNX Runtime (the
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
