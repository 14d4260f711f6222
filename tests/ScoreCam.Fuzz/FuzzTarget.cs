namespace ScoreCam.Fuzz;

/// <summary>
/// One reader of files from strangers, and what is promised of it: a result or a documented exception, in time and
/// memory in proportion to the file.
/// </summary>
public abstract class FuzzTarget
{
    /// <summary>As the command line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Files that are read without complaint; cases are made from them.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>The most bytes that a case of this length may allocate.</summary>
    public abstract long AllowedBytes(int length);

    /// <summary>Reads the file. Returns normally, or throws what the library threw.</summary>
    public abstract void Read(byte[] file);

    /// <summary>Whether the documentation names this exception.</summary>
    public abstract bool IsDocumented(Exception exception);

    /// <summary>Makes a case from a seed.</summary>
    public virtual byte[] Mutate(byte[] seed, Random random) => Mutations.ByteMutator.Mutate(seed, random, Seeds);

    /// <summary>
    /// Checks a file that was read against another reader; throws <see cref="FuzzFailure"/> where they disagree.
    /// Neither timed nor measured.
    /// </summary>
    public virtual void Compare(byte[] file)
    {
    }
}

/// <summary>A promise that was not kept.</summary>
public sealed class FuzzFailure(string message, Exception? cause = null) : Exception(message, cause);
