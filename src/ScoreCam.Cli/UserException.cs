namespace ScoreCam.Cli;

/// <summary>A mistake in what the user asked for; the message says what was expected.</summary>
internal sealed class UserException(string message, Exception? innerException = null) : Exception(message, innerException);
