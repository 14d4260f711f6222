namespace ScoreCam.Methods.ScoreCam.Sampling;

/// <summary>Chooses, round by round, what a sweep scores; used by one thread. The scores are in the sweep's table when the next round is asked for.</summary>
internal abstract class ChannelSampler
{
    /// <summary>The most that will be scored for it: different masks, and the fully masked picture.</summary>
    public abstract int MaxScored { get; }

    /// <summary>True once the time is over: what the round has not begun to score is left out. Asked from several threads.</summary>
    public virtual bool IsTimeOver => false;

    /// <summary>The channels to score next, and <see cref="Sweep.Fill"/>; of equal masks only one is scored. Empty when it is enough.</summary>
    public abstract int[] NextRound();

    /// <summary>Completes the table: scores of channels that were not scored, and the error that comes of it.</summary>
    public abstract void Complete();
}
