namespace ScoreCam;

/// <summary>
/// Thrown if a model cannot be loaded or explained. The message states the reason and lists possible alternatives.
/// </summary>
public sealed class UnsupportedModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UnsupportedModelException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
