namespace ScoreCam.Fuzz;

/// <summary>
/// One reader of untrusted files, and its promise: a result or a documented exception, with time and memory in
/// proportion to the file.
/// </summary>
public abstract class FuzzTarget
{
    /// <summary>The name of the target on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Files that are read without an error. Cases are created from them.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>The most bytes that a case of this length may allocate.</summary>
    public abstract long AllowedBytes(int length);

    /// <summary>Reads the file. Returns normally, or throws what the library threw.</summary>
    public abstract void Read(byte[] file);

    /// <summary>Whether the documentation names this exception.</summary>
    public abstract bool IsDocumented(Exception exception);

    /// <summary>Creates a case from a seed.</summary>
    public virtual byte[] Mutate(byte[] seed, Random random) => Mutations.ByteMutator.Mutate(seed, random, Seeds);

    /// <summary>
    /// Compares a file that was read with another reader. Throws <see cref="FuzzFailure"/> if they disagree. Time and
    /// memory are not measured.
    /// </summary>
    public virtual void Compare(byte[] file)
    {
    }
}

/// <summary>A promise that was violated.</summary>
public sealed class FuzzFailure(string message, Exception? cause = null) : Exception(message, cause);
