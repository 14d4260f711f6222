namespace ScoreCam;

/// <summary>
/// A model that cannot be loaded or explained, and why; the message lists what could have been meant.
/// </summary>
public sealed class UnsupportedModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UnsupportedModelException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
