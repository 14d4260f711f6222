namespace ScoreCam.Methods;

/// <summary>Divides the time budget of an explanation among computations that run one after the other.</summary>
internal static class TimeShares
{
    /// <exception cref="ArgumentOutOfRangeException">The budget is not positive.</exception>
    public static void RequirePositive(TimeSpan? budget, string name)
    {
        if (budget is { } time && time <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(
                name, time, "The time budget must be positive. Leave it out for unlimited time.");
    }

    /// <summary>
    /// Returns the end of the next share, as a time since the explanation began. The remaining time is divided equally.
    /// Null if there is no budget.
    /// </summary>
    /// <param name="budget">The time for the whole explanation.</param>
    /// <param name="elapsed">The time since the explanation began.</param>
    /// <param name="sharesLeft">The number of computations that are not finished, including the next.</param>
    public static TimeSpan? End(TimeSpan? budget, TimeSpan elapsed, int sharesLeft) =>
        budget is { } time ? elapsed + TimeSpan.FromTicks((time - elapsed).Ticks / sharesLeft) : null;
}
